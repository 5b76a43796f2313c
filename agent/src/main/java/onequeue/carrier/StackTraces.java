package onequeue.carrier;

import java.util.Arrays;

/** Stack traces of adopted threads, without the frames that are ours. */
public final class StackTraces {
  private static final String US = "onequeue.carrier.";
  private static final String OURS = Adopted.class.getName();
  private static final String READINESS = Readiness.class.getName();
  private static final StackTraceElement[] NONE = {};
  private static final int NATIVE = -2; // in place of a line number

  private StackTraces() {}

  /** As {@code Thread.getStackTrace} of the handle; called in its place by advice. */
  public static StackTraceElement[] of(Adopted adopted) {
    if (!adopted.isAlive()) {
      return NONE;
    }
    if (adopted.thread != Thread.currentThread()) {
      return asPlatformThread(trim(adopted.thread.getStackTrace()));
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

  /** A platform thread waits in a native method: tools tell by that what a thread does. */
  private static StackTraceElement[] asPlatformThread(StackTraceElement[] trace) {
    int at = 0;
    while (at < trace.length && isOfVirtualThread(trace[at])) {
      at++;
    }
    if (at == 0 || at == trace.length) {
      return trace;
    }
    StackTraceElement wait = nativeFrame("java.lang.Thread", "sleepNanos0");
    if (isOf(trace, at, "java.util.concurrent.locks.LockSupport")) {
      wait = nativeFrame("jdk.internal.misc.Unsafe", "park");
    } else if (trace[at].getMethodName().equals("yield")) {
      int below = at + 1;
      while (below < trace.length && trace[below].getClassName().startsWith(US)) {
        below++;
      }
      if (below == at + 1) {
        wait = nativeFrame("java.lang.Thread", "yield0");
      } else if (below < trace.length && isOfVirtualThread(trace[below])) {
        at = below + 1; // VirtualThread.sleepNanos
      } else if (below < trace.length && !isOf(trace, below - 1, READINESS)) {
        wait = nativeFrame(trace[below].getClassName(), trace[below].getMethodName() + "0");
        at = below;
      } else {
        boolean selects = trace[below].getMethodName().equals("pollSelector");
        wait =
            selects
                ? nativeFrame("sun.nio.ch.EPoll", "wait")
                : nativeFrame("sun.nio.ch.Net", "poll");
        at = below + 1; // Poller, which is for virtual threads
      }
    }
    StackTraceElement[] platform = Arrays.copyOfRange(trace, at - 1, trace.length);
    platform[0] = wait;
    return platform;
  }

  private static boolean isOfVirtualThread(StackTraceElement frame) {
    return frame.getClassName().equals("java.lang.VirtualThread")
        || frame.getClassName().startsWith("java.lang.System$");
  }

  private static boolean isOf(StackTraceElement[] trace, int at, String className) {
    return at < trace.length && trace[at].getClassName().equals(className);
  }

  private static StackTraceElement nativeFrame(String className, String method) {
    String file = className.substring(className.lastIndexOf('.') + 1) + ".java";
    return new StackTraceElement(null, "java.base", null, className, method, file, NATIVE);
  }
}
