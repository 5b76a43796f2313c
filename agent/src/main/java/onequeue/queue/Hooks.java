package onequeue.queue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** What advice in JDK classes calls. The harmless defaults stand until the agent sets them. */
public final class Hooks {
  private static final Class<?> VIRTUAL = virtualThread();

  /** Whether a recording runs. */
  public static volatile boolean recording;

  /** Run once, by the thread that starts Flight Recorder; then null. */
  public static volatile Runnable flightRecorderStarted;

  /** Run once, by the thread that makes the first virtual thread. */
  public static volatile Runnable firstVirtualThread;

  /** Who runs virtual threads; null for the JDK. */
  public static volatile Scheduling scheduling;

  /** Who is told while a recording runs; set with the first one. */
  public static volatile Reports reports;

  /** Virtual threads of the JDK's own: their waits are nothing to report. */
  public static final Set<Thread> UNREPORTED = ConcurrentHashMap.newKeySet();

  /** The lines of the status page that do not change. */
  public static volatile String statusText = "";

  /** Whether the program's platform threads become virtual ones. */
  public static volatile boolean adopting;

  /** The carriers, as far as the making of a virtual thread concerns them. */
  public interface Scheduling {
    /** The scheduler of a virtual thread that is about to be made; the maker's wish counts. */
    Executor scheduler(Executor wished);

    /** It is made. */
    void made(Executor scheduler, Thread thread);

    /**
     * Carriers, at once, running, stuck, queued threads, switches so far, adopted threads, file
     * operations by the kernel and by helpers so far.
     */
    long[] figures();
  }

  /** What a recording wants to know of virtual threads. */
  public interface Reports {
    /**
     * A virtual thread does not let go of its carrier.
     *
     * @param thread null when it has just let go
     */
    void stuck(Thread carrier, Thread thread, StackTraceElement[] stack, int carriers);

    /**
     * The program starts a platform thread in mode coroutine.
     *
     * @param reasonNotAdopted null when it was adopted
     */
    void started(Thread thread, String reasonNotAdopted);

    /**
     * The calling virtual thread begins to wait for a file, a pipe or a name.
     *
     * @param descriptor or -1
     * @param resource what it waits for, if there is no descriptor; else null
     * @return for end; null when such waits are not recorded
     */
    Object begin(Kind kind, int descriptor, String resource);

    /** What the virtual thread waits for has come. */
    void ready(Thread thread);

    /** Ends what begin began, and gave. */
    void end(Object wait);

    /** The calling virtual thread begins to look for work, as one of a pool. */
    void idle();

    /** Ends what idle began. */
    void busy();
  }

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
    Scheduling ours = scheduling;
    return ours != null ? ours.scheduler(wished) : wished;
  }

  /** A virtual thread was made. */
  public static void made(Executor scheduler, Thread thread) {
    Scheduling ours = scheduling;
    if (ours != null) {
      ours.made(scheduler, thread);
    }
  }

  /** Runs what there is to do before the first virtual thread, if that was not done yet. */
  public static synchronized void firstVirtualThread() {
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
      reports.idle();
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
      reports.busy();
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
