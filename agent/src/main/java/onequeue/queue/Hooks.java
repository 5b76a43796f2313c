package onequeue.queue;

import java.util.concurrent.Executor;
import onequeue.carrier.VirtualThreads;
import onequeue.event.VirtualWaits;

/** What advice in JDK classes calls. The harmless defaults stand until the agent sets them. */
public final class Hooks {
  private static final Class<?> VIRTUAL = virtualThread();

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

  /** A pool's thread looks for work; not 0 when {@link #busy} has to follow. */
  public static int idle() {
    if (!recording) {
      return 0;
    }
    if (isVirtual(Thread.currentThread())) {
      VirtualWaits.idle();
      return 2;
    }
    Native.idle(1);
    return 1;
  }

  /** Ends what {@link #idle} began, and gave. */
  public static void busy(int idle) {
    if (idle == 1) {
      Native.idle(-1);
    } else {
      VirtualWaits.busy();
    }
  }

  /** As Thread.isVirtual, which JDK 17 has not. */
  public static boolean isVirtual(Thread thread) {
    return VIRTUAL != null && VIRTUAL.isInstance(thread);
  }

  private static Class<?> virtualThread() {
    try {
      return Class.forName("java.lang.BaseVirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      return null; // JDK 17
    }
  }
}
