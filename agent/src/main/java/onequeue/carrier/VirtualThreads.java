package onequeue.carrier;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Hooks;

/** Where the JDK's virtual threads meet our carriers: what the advice in them calls. */
public final class VirtualThreads implements Hooks.Scheduling {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Class<?> VIRTUAL = virtualThread();
  private static final long SCHEDULER = U.objectFieldOffset(VIRTUAL, "scheduler");
  private static final long CARRIER = U.objectFieldOffset(VIRTUAL, "carrierThread");

  private static final long STATE = U.objectFieldOffset(VIRTUAL, "state");
  private static final int YIELDED = 11;
  private static final long TID = U.objectFieldOffset(Thread.class, "tid");

  private VirtualThreads() {}

  /** As Thread.threadId, which the JDK that we are compiled with has not. */
  static long id(Thread thread) {
    return U.getLong(thread, TID);
  }

  /** Called once, before the first virtual thread of the program is made. */
  public static void start(int carriers) {
    Carriers.start(carriers);
    Steward.begin();
    Hooks.scheduling = new VirtualThreads();
  }

  @Override
  public Executor scheduler(Executor wished) {
    return wished != null || hasOtherScheduler(Thread.currentThread())
        ? wished
        : new Coroutine(null);
  }

  /** A virtual thread hands its maker's own scheduler on to those that it makes. */
  private static boolean hasOtherScheduler(Thread thread) {
    return thread.getClass() == VIRTUAL
        && !(U.getReference(thread, SCHEDULER) instanceof Coroutine);
  }

  @Override
  public void made(Executor scheduler, Thread thread) {
    if (scheduler instanceof Coroutine coroutine) {
      coroutine.thread = thread;
    }
  }

  @Override
  public long[] figures() {
    return Carriers.figures();
  }

  /**
   * Stands in for {@code VirtualThread.schedule}, on the carrier that just unmounted the thread.
   *
   * @return the timer, or null when the thread is not ours
   */
  public static Future<?> schedule(Thread thread, Runnable expired, long delay, TimeUnit unit) {
    return Thread.currentThread() instanceof Carrier carrier
            && U.getReference(thread, SCHEDULER) instanceof Coroutine
        ? carrier.timer(expired, unit.toNanos(delay))
        : null;
  }

  /**
   * Has one of our carriers do what the calling thread, an adopted one, was to do as a carrier, and
   * waits for it.
   *
   * @param refusal what the JDK said to that
   * @return false when it was something else, or the thread is not adopted
   */
  public static boolean carry(Runnable task, Throwable refusal) {
    Coroutine me = coroutine(Thread.currentThread());
    if (me == null
        || me.adopted == null
        || !refusal.getClass().getName().equals("java.lang.WrongThreadException")) {
      return false;
    }
    Errand.run(task, me);
    return true;
  }

  /**
   * Takes away a permit that an interrupt of another thread has left to the carrier while it ran
   * that: carriers do not park by themselves, so it would be there for good. Before the thread says
   * that it parks there; who unparks or interrupts it does so on the thread first.
   */
  public static void dropCarrierPermit() {
    U.park(true, 1); // until a moment long past
  }

  /** Somebody has interrupted the virtual thread. */
  public static void interrupted(Thread thread) {
    if (U.getReference(thread, SCHEDULER) instanceof Coroutine coroutine
        && Thread.currentThread() != thread) {
      coroutine.interrupted();
    }
  }

  /** Whether the thread has just given way to others. */
  static boolean hasYielded(Thread thread) {
    return U.getInt(thread, STATE) == YIELDED;
  }

  /** What we know of the thread, or null: it is no virtual thread, or not on our carriers. */
  static Coroutine coroutine(Thread thread) {
    return thread.getClass() == VIRTUAL
            && U.getReference(thread, SCHEDULER) instanceof Coroutine coroutine
        ? coroutine
        : null;
  }

  /** The carrier that this code runs on, or null. A virtual thread must be pinned to rely on it. */
  static Carrier currentCarrier() {
    Thread now = Thread.currentThread();
    if (now.getClass() == VIRTUAL) {
      now = (Thread) U.getReference(now, CARRIER);
    }
    return now instanceof Carrier carrier ? carrier : null;
  }

  private static Class<?> virtualThread() {
    try {
      return Class.forName("java.lang.VirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(e.getMessage());
    }
  }
}
