package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/** Threads that groups of asynchronous channels start in pools of the program's. */
final class ChannelGroups {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
  private static final String BOUND = "sun.nio.ch.AsynchronousChannelGroupImpl$1";
  private static final String POLLS = "sun.nio.ch.EPollPort$EventHandlerTask";

  private ChannelGroups() {}

  /** Whether the task, that of a thread which is about to start, is to wait for such a group. */
  static boolean waitsFor(Object task) {
    Object bound = inside(inside(task, WORKER, "firstTask"), BOUND, "val$task");
    return bound != null && bound.getClass().getName().equals(POLLS);
  }

  /** Null when it is no such object, or this JDK is not as known. */
  private static Object inside(Object outer, String type, String field) {
    if (outer == null || !outer.getClass().getName().equals(type)) {
      return null;
    }
    try {
      return U.getReference(outer, U.objectFieldOffset(outer.getClass().getDeclaredField(field)));
    } catch (NoSuchFieldException e) {
      return null;
    }
  }
}
