package onequeue.event;

import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import onequeue.queue.Hooks;
import onequeue.queue.Native;

/** Follows the recordings of this VM: waits are reported while one of them runs. */
public final class Recordings implements FlightRecorderListener {
  private static final List<Class<? extends Event>> TYPES =
      List.of(
          AcceptEvent.class,
          ConnectEvent.class,
          ReadEvent.class,
          WriteEvent.class,
          DatagramEvent.class,
          PipeEvent.class,
          SelectEvent.class,
          SleepEvent.class,
          ParkEvent.class,
          FileEvent.class,
          WatchEvent.class,
          ProcessEvent.class,
          LookupEvent.class,
          IdleEvent.class,
          MonitorWaitEvent.class,
          MonitorEnterEvent.class,
          QueueStatisticsEvent.class,
          CarrierStatisticsEvent.class,
          StuckCarrierEvent.class,
          AdoptionEvent.class);

  private Recordings() {}

  /**
   * Makes the event types known and begins to follow. Called once, by the thread that starts Flight
   * Recorder, outside its locks.
   */
  public static void follow(String mode) {
    Recorder.mode = mode;
    Hooks.reports = new CarrierReports();
    TYPES.forEach(FlightRecorder::register);
    Recorder.warmUp();
    FlightRecorder.addPeriodicEvent(QueueStatisticsEvent.class, QueueStatisticsEvent::emit);
    FlightRecorder.addPeriodicEvent(CarrierStatisticsEvent.class, CarrierStatisticsEvent::emit);
    if (!Native.recorder(Recorder.class)) {
      throw new IllegalStateException("the native helper does not know this recorder");
    }
    FlightRecorder.addListener(new Recordings());
    update();
  }

  @Override
  public void recordingStateChanged(Recording recording) {
    update();
  }

  private static void update() {
    FlightRecorder recorder = FlightRecorder.getFlightRecorder();
    boolean running =
        recorder.getRecordings().stream().anyMatch(r -> r.getState() == RecordingState.RUNNING);
    if (!Hooks.recording) {
      MonitorEnters.forget();
    }
    Hooks.recording = running;
    // The VM emits these from inside its own park and sleep: while somebody wants them, it parks.
    // (Later JDKs emit the event of a sleep from Java, above our native.)
    boolean vmSleeps = Runtime.version().feature() == 17 && enabled("jdk.ThreadSleep");
    Native.recording(running, enabled("jdk.ThreadPark"), vmSleeps);
  }

  private static boolean enabled(String type) {
    return FlightRecorder.getFlightRecorder().getEventTypes().stream()
        .anyMatch(t -> t.getName().equals(type) && t.isEnabled());
  }
}
