package onequeue.hook;

import java.util.Set;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/**
 * What the VM tells its tools of each switch between virtual threads, when there is a tool. Stopped
 * when the agent starts and not later: only what was there before has to be looked for.
 */
final class TransitionNotices {
  static final String KEY = "jvmti";

  private static final int EBUSY = -16;

  private TransitionNotices() {}

  /** What {@code status} says of it. */
  static String stop(Set<String> stock) throws ClassNotFoundException {
    String why = stock.contains(KEY) ? "switched off by the option stock" : reasonNot();
    return why.isEmpty() ? "not told of thread switches" : "told of thread switches (" + why + ")";
  }

  /** Why they go on; empty when they do not. */
  private static String reasonNot() throws ClassNotFoundException {
    Class<?> virtualThread = Class.forName("java.lang.VirtualThread", false, null);
    if (!Unsafe.getUnsafe().shouldBeInitialized(virtualThread)) {
      return "virtual threads were there first";
    }
    return switch (Native.stopTransitionNotices()) {
      case 0 -> "";
      case EBUSY -> "a tool is there";
      default -> "not the VM that we know, or one without symbols";
    };
  }
}
