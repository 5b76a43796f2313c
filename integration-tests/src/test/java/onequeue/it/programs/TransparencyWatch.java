package onequeue.it.programs;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that runs one blocking call, seen from outside. Made and asked by one thread. */
final class TransparencyWatch {
  /** Set for a comparison in which the states do not count. */
  static final boolean STATES_UNSEEN = Boolean.getBoolean("transparency.states-unseen");

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final int LOOKS = 12;

  private final Thread thread;
  private volatile String result;

  private TransparencyWatch(Callable<?> call) {
    thread = new Thread(() -> result = outcome(call), "blocked");
    thread.setDaemon(true);
    thread.start();
  }

  static TransparencyWatch start(Callable<?> call) {
    return new TransparencyWatch(call);
  }

  /** What the call gives or throws, in words. */
  static String outcome(Callable<?> call) {
    String text;
    try {
      text = String.valueOf(call.call());
    } catch (Throwable e) {
      text = e.toString();
    }
    return text + (Thread.interrupted() ? ", interrupted" : "");
  }

  Thread thread() {
    return thread;
  }

  /** Looks until the thread stays where it is; its states, as all who can be asked see them. */
  String blocked() {
    settle(thread);
    if (!thread.isAlive()) {
      return "over";
    }
    if (STATES_UNSEEN) {
      return "waits";
    }
    var info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
    return thread.getState() + "/" + (info == null ? "none" : info.getThreadState());
  }

  /** Looks until the thread stays where it is, or has ended. */
  static void settle(Thread thread) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    StackTraceElement[] last = {};
    for (int same = 0; same < LOOKS && System.nanoTime() < deadline && thread.isAlive(); ) {
      StackTraceElement[] now = thread.getStackTrace();
      boolean waits =
          now.length > 0 && (now[0].isNativeMethod() || thread.getState() != Thread.State.RUNNABLE);
      same = waits && Arrays.equals(now, last) ? same + 1 : 0;
      last = now;
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  /** Waits for the end of the call; what it gave or threw. */
  String end() throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, DEADLINE_NANOS);
    return thread.isAlive() ? "NOT OVER, " + thread.getStackTrace()[0] : result;
  }
}
