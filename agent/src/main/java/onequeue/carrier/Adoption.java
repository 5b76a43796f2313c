package onequeue.carrier;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import jdk.internal.misc.Unsafe;

/** Mode coroutine: the program's platform threads run as virtual ones. What the advice calls. */
public final class Adoption {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TID = U.objectFieldOffset(Thread.class, "tid");
  private static final long NAME = U.objectFieldOffset(Thread.class, "name");
  private static final long LOADER = U.objectFieldOffset(Thread.class, "contextClassLoader");
  private static final long LOCALS = U.objectFieldOffset(Thread.class, "inheritableThreadLocals");
  private static final long HOLDER = U.objectFieldOffset(Thread.class, "holder");
  private static final long STATUS = U.objectFieldOffset(holderType(), "threadStatus");

  /**
   * A field of type Object that the VM reads of running platform threads only: in a handle, which
   * never runs itself, it leads to its {@link Adopted}.
   */
  private static final long LINK = U.objectFieldOffset(Thread.class, "scopedValueBindings");

  private static final long MESSAGE = U.objectFieldOffset(Throwable.class, "detailMessage");
  private static final long CONNECT_PAUSE_NANOS = 1_000_000;
  private static final int NOT_STARTED = 0;
  private static final int RUNNABLE = 0x5;
  private static final int TERMINATED = 0x2;
  private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2;
  private static final MethodHandle NEW_VIRTUAL_THREAD = constructor();
  private static final MethodHandle START_IN_CONTAINER = startInContainer();

  private static final Set<Adopted> LIVE = ConcurrentHashMap.newKeySet();

  /** Set when the VM shuts down: its hooks must not depend on carriers. */
  public static volatile boolean over;

  private Adoption() {}

  /**
   * Stands in for {@code Thread.start()}.
   *
   * @param container of jdk.internal.vm.ThreadContainer: the pool, say, that the thread belongs to;
   *     null for none
   * @return false to start the thread as ever
   */
  public static boolean start(Thread handle, Object container) {
    String reason = over ? "the VM shuts down" : AdoptionRules.reasonNot(handle);
    if (reason != null) {
      Report.left(handle, reason);
      return false;
    }
    Adopted adopted = new Adopted(handle);
    synchronized (handle) {
      Object holder = U.getReference(handle, HOLDER);
      if (U.getIntVolatile(holder, STATUS) != NOT_STARTED) {
        return false; // and let Thread.start say so
      }
      adopted.thread = virtualThread(adopted);
      boolean interrupted = handle.isInterrupted();
      U.putReferenceRelease(handle, LINK, adopted);
      U.putIntVolatile(holder, STATUS, RUNNABLE);
      if (interrupted) {
        adopted.thread.interrupt();
      }
    }
    LIVE.add(adopted);
    Report.adopted(handle);
    if (!handle.isDaemon()) {
      KeepAlive.add();
    }
    if (container == null) {
      adopted.thread.start();
    } else {
      startIn(container, adopted.thread);
    }
    return true;
  }

  private static void startIn(Object container, Thread thread) {
    try {
      START_IN_CONTAINER.invokeExact(thread, container);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InternalError(e);
    }
  }

  private static Thread virtualThread(Adopted adopted) {
    Thread handle = adopted.handle;
    try {
      Coroutine coroutine = new Coroutine(adopted);
      Thread thread =
          (Thread)
              NEW_VIRTUAL_THREAD.invokeExact(
                  (Executor) coroutine,
                  handle.getName(),
                  NO_INHERIT_THREAD_LOCALS,
                  (Runnable) adopted);
      coroutine.thread = thread;
      U.putLong(thread, TID, U.getLong(handle, TID));
      U.putReference(thread, LOADER, U.getReference(handle, LOADER));
      U.putReference(thread, LOCALS, U.getReference(handle, LOCALS));
      return thread;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InternalError(e);
    }
  }

  /** The thread itself, at its end: the program may see it as terminated from here on. */
  static void terminated(Adopted adopted) {
    Thread handle = adopted.handle;
    U.putIntVolatile(U.getReference(handle, HOLDER), STATUS, TERMINATED);
    LIVE.remove(adopted);
    synchronized (handle) {
      handle.notifyAll();
    }
    if (!handle.isDaemon()) {
      KeepAlive.remove();
    }
  }

  /** What runs in the place of a handle; null for any other thread. */
  public static Adopted of(Thread handle) {
    return U.getReferenceAcquire(handle, LINK) instanceof Adopted adopted ? adopted : null;
  }

  /** The program's own object for a thread that runs. */
  public static Thread handle(Thread thread) {
    Coroutine coroutine = VirtualThreads.coroutine(thread);
    return coroutine == null || coroutine.adopted == null ? thread : coroutine.adopted.handle;
  }

  /** The handle of an adopted virtual thread; null for any other thread. */
  public static Thread handleOrNull(Thread thread) {
    Coroutine coroutine = VirtualThreads.coroutine(thread);
    return coroutine == null || coroutine.adopted == null ? null : coroutine.adopted.handle;
  }

  /** The thread to unpark for a thread that the program names. */
  public static Thread running(Thread named) {
    if (named == null) {
      return null;
    }
    Adopted adopted = of(named);
    return adopted == null ? named : adopted.thread;
  }

  public static void renamed(Thread handle, String name) {
    Adopted adopted = of(handle);
    if (adopted != null) {
      adopted.thread.setName(name);
    }
  }

  /** Either of the two got a context class loader: the other has it too. */
  public static void contextClassLoader(Thread thread, ClassLoader loader) {
    Adopted adopted = of(thread);
    Thread other = adopted != null ? adopted.thread : handleOrNull(thread);
    if (other != null) {
      U.putReferenceVolatile(other, LOADER, loader);
    }
  }

  /** Those that run now. */
  static Set<Adopted> live() {
    return LIVE;
  }

  /** The one whose handle has that number, or null. */
  static Adopted byId(long id) {
    for (Adopted adopted : LIVE) {
      if (VirtualThreads.id(adopted.handle) == id) {
        return adopted;
      }
    }
    return null;
  }

  /** With the adopted ones, which the VM does not count among its platform threads. */
  public static Thread[] withAdopted(Thread[] threads) {
    List<Thread> all = new ArrayList<>(Arrays.asList(threads));
    for (Adopted adopted : LIVE) {
      all.add(adopted.handle);
    }
    return all.toArray(new Thread[0]);
  }

  public static void addStackTraces(Map<Thread, StackTraceElement[]> traces) {
    for (Adopted adopted : LIVE) {
      traces.put(adopted.handle, StackTraces.of(adopted));
    }
  }

  /**
   * Sleeps, if the virtual thread, which is the calling one, is an adopted one.
   *
   * @return false when there is something left to do: it is not, or was interrupted
   */
  public static boolean sleep(Thread thread, long nanos) {
    Coroutine me = VirtualThreads.coroutine(thread);
    if (me == null || me.adopted == null || nanos == 0) {
      return false;
    }
    long deadline = Timers.deadline(nanos);
    me.adopted.sleeps(true);
    try {
      for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
        if (thread.isInterrupted()) {
          return false;
        }
        me.await(left);
      }
      return true;
    } finally {
      me.adopted.sleeps(false);
    }
  }

  /** Gives the exception the text that a platform thread's has. */
  public static void sleepInterrupted(Thread thread, Throwable thrown) {
    if (handleOrNull(thread) != null) {
      U.putReference(thrown, MESSAGE, "sleep interrupted");
    }
  }

  /** What runs in the calling thread's place, if it is an adopted one; else null. */
  static Adopted running() {
    Coroutine coroutine = VirtualThreads.coroutine(Thread.currentThread());
    return coroutine == null ? null : coroutine.adopted;
  }

  /**
   * A connect of a Unix domain socket failed. On a platform thread it waits while the listener's
   * backlog is full; the kernel gives a socket that does not block an error instead, and no edge
   * later. So it is tried again every now and then.
   *
   * @return whether to try again
   */
  public static boolean connectAgain(Throwable thrown) {
    Coroutine me = VirtualThreads.coroutine(Thread.currentThread());
    if (me == null
        || me.adopted == null
        || me.adopted.connecting == null
        || !me.adopted.connecting.isOpen()
        || thrown.getMessage() == null
        || !thrown.getMessage().equals("Resource temporarily unavailable")) {
      return false;
    }
    me.await(CONNECT_PAUSE_NANOS);
    return true;
  }

  /** The calling thread looks at its selector: it gives way if it has kept its carrier for long. */
  public static void selects() {
    Carrier carrier = VirtualThreads.currentCarrier();
    if (carrier != null && carrier.isTurnOverAtSelect()) {
      Thread.yield();
    }
  }

  /** The calling thread reads or writes, and may find that it need not wait: likewise. */
  public static void transfers() {
    Carrier carrier = VirtualThreads.currentCarrier();
    if (carrier != null && carrier.isTurnOverAtTransfer()) {
      Thread.yield();
    }
  }

  /** The calling thread begins to connect the channel; null when it ends to. */
  public static void connecting(Channel channel) {
    Adopted adopted = running();
    if (adopted != null) {
      adopted.connecting = channel;
    }
  }

  /** Before a wait that cannot be interrupted; the result goes to {@link #unshield}. */
  public static Object shield() {
    Adopted adopted = running();
    if (adopted != null) {
      adopted.shield();
    }
    return adopted;
  }

  public static void unshield(Object adopted) {
    if (adopted != null) {
      ((Adopted) adopted).unshield();
    }
  }

  private static Class<?> holderType() {
    try {
      return Class.forName("java.lang.Thread$FieldHolder", false, null);
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(e.getMessage());
    }
  }

  private static MethodHandle constructor() {
    try {
      Constructor<?> constructor =
          Class.forName("java.lang.VirtualThread", false, null)
              .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asType(
              MethodType.methodType(
                  Thread.class, Executor.class, String.class, int.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle startInContainer() {
    try {
      Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer", false, null);
      Method start = Thread.class.getDeclaredMethod("start", container);
      start.setAccessible(true);
      return MethodHandles.lookup()
          .unreflect(start)
          .asType(MethodType.methodType(void.class, Thread.class, Object.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
