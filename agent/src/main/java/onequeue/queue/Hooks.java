package onequeue.queue;

/** What advice in JDK classes calls. The harmless defaults stand until the agent sets them. */
public final class Hooks {
  /** Whether a recording runs. */
  public static volatile boolean recording;

  /** Run once, by the thread that starts Flight Recorder; then null. */
  public static volatile Runnable flightRecorderStarted;

  private Hooks() {}

  /** Flight Recorder is there. */
  public static void flightRecorder() {
    Runnable first = flightRecorderStarted;
    if (first != null) {
      flightRecorderStarted = null;
      first.run();
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
