package onequeue.queue;

import java.util.concurrent.Executor;
import onequeue.carrier.VirtualThreads;

/** What advice in JDK classes calls. The harmless defaults stand until the agent sets them. */
public final class Hooks {
  /** Whether a recording runs. */
  public static volatile boolean recording;

  /** Run once, by the thread that starts Flight Recorder; then null. */
  public static volatile Runnable flightRecorderStarted;

  /** Run once, by the thread that makes the first virtual thread. */
  public static volatile Runnable firstVirtualThread;

  /** Whether our carriers run virtual threads. */
  public static volatile boolean carriers;

  /** Whether the program's platform threads become virtual ones. */
  public static volatile boolean adopting;

  private Hooks() {}

  /** Flight Recorder is there. */
  public static void flightRecorder() {
    Runnable first = flightRecorderStarted;
    if (first != null) {
      flightRecorderStarted = null;
      first.run();
    }
  }

  /**
   * A virtual thread is about to be made.
   *
   * @param wished the scheduler its maker wants; null for the default
   * @return the one it gets
   */
  public static Executor scheduler(Executor wished) {
    if (firstVirtualThread != null) {
      firstVirtualThread();
    }
    return carriers ? VirtualThreads.scheduler(wished) : wished;
  }

  /** A virtual thread was made. */
  public static void made(Executor scheduler, Thread thread) {
    if (carriers) {
      VirtualThreads.made(scheduler, thread);
    }
  }

  private static synchronized void firstVirtualThread() {
    Runnable first = firstVirtualThread;
    if (first != null) {
      first.run();
      firstVirtualThread = null;
    }
  }

  /** A pool's thread looks for work; true when {@link #busy} has to follow. */
  public static boolean idle() {
    if (!recording) {
      return false;
    }
    Native.idle(1);
    return true;
  }

  /** Ends what {@link #idle} began. */
  public static void busy() {
    Native.idle(-1);
  }
}
