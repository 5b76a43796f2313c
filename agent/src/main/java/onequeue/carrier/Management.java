package onequeue.carrier;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;

/**
 * Adopted threads for {@code ThreadMXBean}, which knows platform threads only. Called by advice in
 * it; the class ThreadInfo is reached by reflection, for java.management may be absent.
 */
public final class Management {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long OWNER =
      U.objectFieldOffset(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread");

  // The VM's status bits, as ThreadInfo reads them.
  private static final int RUNNABLE = 0x4;
  private static final int WAITING = 0x10;
  private static final int TIMED_WAITING = 0x20;
  private static final int BLOCKED = 0x400;

  private static final StackTraceElement[] NO_STACK = {};

  private Management() {}

  /**
   * Puts the missing ones in.
   *
   * @param infos of ThreadInfo; null where the VM knows no such thread
   * @param depth how many frames at most
   */
  public static void fill(long[] ids, Object[] infos, int depth) {
    for (int i = 0; i < ids.length; i++) {
      Adopted adopted = infos[i] != null ? null : Adoption.byId(ids[i]);
      if (adopted != null) {
        infos[i] = info(infos.getClass().getComponentType(), adopted, depth);
      }
    }
  }

  /** The same array with all adopted threads behind. */
  public static Object[] append(Object[] infos, int depth) {
    Class<?> type = infos.getClass().getComponentType();
    List<Object> all = new ArrayList<>(Arrays.asList(infos));
    for (Adopted adopted : Adoption.live()) {
      all.add(info(type, adopted, depth));
    }
    return all.toArray((Object[]) Array.newInstance(type, 0));
  }

  public static long[] append(long[] ids) {
    List<Long> all = new ArrayList<>();
    for (long id : ids) {
      all.add(id);
    }
    for (Adopted adopted : Adoption.live()) {
      all.add(VirtualThreads.id(adopted.handle));
    }
    long[] array = new long[all.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = all.get(i);
    }
    return array;
  }

  /**
   * @param daemons whether to count daemons only
   */
  public static int count(boolean daemons) {
    int count = 0;
    for (Adopted adopted : Adoption.live()) {
      count += !daemons || adopted.handle.isDaemon() ? 1 : 0;
    }
    return count;
  }

  private static Object info(Class<?> type, Adopted adopted, int depth) {
    Thread.State state = adopted.state();
    Object lock = state == Thread.State.RUNNABLE ? null : LockSupport.getBlocker(adopted.thread);
    Thread owner =
        lock instanceof AbstractOwnableSynchronizer ? (Thread) U.getReference(lock, OWNER) : null;
    StackTraceElement[] stack = depth == 0 ? NO_STACK : stack(adopted, depth);
    try {
      return constructor(type)
          .invoke(
              adopted.handle,
              status(state),
              lock,
              owner == null ? null : Adoption.handle(owner),
              0L,
              -1L,
              0L,
              -1L,
              stack);
    } catch (Throwable e) {
      return null; // as for a thread that ended
    }
  }

  /** As the VM makes them for ThreadInfo: with all that is known of class loader and module. */
  private static StackTraceElement[] stack(Adopted adopted, int depth) {
    StackTraceElement[] stack = StackTraces.of(adopted);
    stack = Arrays.copyOf(stack, Math.min(stack.length, depth));
    for (int i = 0; i < stack.length; i++) {
      StackTraceElement frame = stack[i];
      stack[i] =
          new StackTraceElement(
              frame.getClassLoaderName(),
              frame.getModuleName(),
              frame.getModuleVersion(),
              frame.getClassName(),
              frame.getMethodName(),
              frame.getFileName(),
              frame.getLineNumber());
    }
    return stack;
  }

  private static MethodHandle constructor(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Thread.class,
            int.class,
            Object.class,
            Thread.class,
            long.class,
            long.class,
            long.class,
            long.class,
            StackTraceElement[].class);
    constructor.setAccessible(true);
    return MethodHandles.lookup().unreflectConstructor(constructor);
  }

  private static int status(Thread.State state) {
    return switch (state) {
      case WAITING -> WAITING;
      case TIMED_WAITING -> TIMED_WAITING;
      case BLOCKED -> BLOCKED;
      default -> RUNNABLE;
    };
  }
}
