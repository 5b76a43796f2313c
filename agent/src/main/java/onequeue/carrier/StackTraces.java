package onequeue.carrier;

import java.util.Arrays;

/** Stack traces of adopted threads, without the frames that are ours. */
public final class StackTraces {
  private static final String OURS = Adopted.class.getName();
  private static final StackTraceElement[] NONE = {};

  private StackTraces() {}

  /** As {@code Thread.getStackTrace} of the handle; called in its place by advice. */
  public static StackTraceElement[] of(Adopted adopted) {
    if (!adopted.isAlive()) {
      return NONE;
    }
    if (adopted.thread != Thread.currentThread()) {
      return trim(adopted.thread.getStackTrace());
    }
    StackTraceElement[] here = new Exception().getStackTrace();
    return trim(Arrays.copyOfRange(here, 1, here.length)); // without this method
  }

  /** Cuts off what lies below the handle's {@code run}, if there is such. */
  public static StackTraceElement[] trim(StackTraceElement[] trace) {
    int bottom = trace.length - 2;
    return bottom > 0 && trace[bottom].getClassName().equals(OURS)
        ? Arrays.copyOf(trace, bottom)
        : trace;
  }
}
