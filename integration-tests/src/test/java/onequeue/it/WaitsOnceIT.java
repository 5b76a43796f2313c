package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Waits that are made of others, and monitors, which the JDK itself reports: with the settings from
 * the jar each leaves one event, of the outermost kind, that says how it ended and who ended it.
 */
class WaitsOnceIT {
  private static final String PROGRAM = "onequeue.it.programs.Meetings";

  /** What lasts less is not one of the waits that the program is about. */
  private static final Duration FELT = Duration.ofMillis(5);

  private static final String ENTER = "jdk.JavaMonitorEnter";
  private static final String WAIT = "jdk.JavaMonitorWait";
  private static final String VIRTUAL_ENTER = "onequeue.MonitorEnter";
  private static final String VIRTUAL_WAIT = "onequeue.MonitorWait";
  private static final String PARK = "onequeue.Park";
  private static final String SOME_CARRIER = "onequeue-carrier-.*|ForkJoinPool-.*";

  /**
   * How the program's threads wait.
   *
   * @param threads what the program is asked for
   */
  private record Setting(int jdk, String mode, String threads) {
    boolean adopts() {
      return mode.equals("coroutine");
    }

    boolean onCarriers() {
      return adopts() || threads.equals("virtual");
    }
  }

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(17, "observe", "platform"),
          new Setting(17, "unify", "platform"),
          new Setting(25, "observe", "platform"),
          new Setting(25, "observe", "virtual"),
          new Setting(25, "unify", "platform"),
          new Setting(25, "unify", "virtual"),
          new Setting(25, "coroutine", "platform"));

  /** What the one event of the thread with that name says. */
  private record Expected(String thread, String event, String outcome, String other) {}

  private static final List<Expected> ALIKE =
      List.of(
          new Expected("process", "onequeue.Process", "ready", null),
          new Expected("process-timed-out", "onequeue.Process", "timed out", null),
          new Expected("take", PARK, "unparked", "main"),
          new Expected("take-interrupted", PARK, "interrupted", "main"),
          new Expected("poll-timed-out", PARK, "timed out", null),
          new Expected("future", PARK, "unparked", "peer"),
          new Expected("latch", PARK, "unparked", "main"),
          new Expected("completable", PARK, "unparked", "main"),
          new Expected("completable-timed-out", PARK, "timed out", null),
          new Expected("select-timed-out", "onequeue.Select", "timed out", null),
          new Expected("select-wakeup", "onequeue.Select", "ready", "main"),
          new Expected("select-interrupted", "onequeue.Select", "interrupted", "main"),
          new Expected("scheduled", "onequeue.Idle", "timed out", null));

  private static final List<Expected> OF_PLATFORM_THREADS =
      List.of(
          new Expected("enter", ENTER, "ready", "main"),
          new Expected("enter-of-peer", ENTER, "ready", "peer"),
          new Expected("notified", WAIT, "ready", "main"),
          new Expected("notified-in-time", WAIT, "ready", "main"),
          new Expected("wait-interrupted", WAIT, "ready", null),
          new Expected("wait-timed-out", WAIT, "timed out", null),
          new Expected("join", WAIT, "ready", "peer"),
          new Expected("join-timed-out", WAIT, "timed out", null),
          new Expected("join-interrupted", WAIT, "ready", null));

  /**
   * Not among them, as it is not reported each time: enter-of-peer, where a virtual thread has the
   * monitor.
   */
  private static final List<Expected> ON_CARRIERS =
      List.of(
          new Expected("enter", VIRTUAL_ENTER, null, null),
          new Expected("notified", VIRTUAL_WAIT, "ready", null),
          new Expected("notified-in-time", VIRTUAL_WAIT, "ready", null),
          new Expected("wait-interrupted", VIRTUAL_WAIT, "interrupted", "main"),
          new Expected("wait-timed-out", VIRTUAL_WAIT, "timed out", null));

  private static final List<Expected> JOINS_OF_VIRTUAL_THREADS =
      List.of(
          new Expected("join", PARK, "unparked", SOME_CARRIER),
          new Expected("join-timed-out", PARK, "timed out", null),
          new Expected("join-interrupted", PARK, "interrupted", "main"));

  private static final List<Expected> JOINS_OF_ADOPTED_THREADS =
      List.of(
          new Expected("join", VIRTUAL_WAIT, "ready", null),
          new Expected("join-timed-out", VIRTUAL_WAIT, "timed out", null),
          new Expected("join-interrupted", VIRTUAL_WAIT, "interrupted", "main"));

  private static final Map<Setting, Run> RUNS = new HashMap<>();

  @TempDir private static Path dir;

  /** The program makes all the waits in one go; what it did in one setting. */
  private record Run(AgentProcess.Result result, List<RecordedEvent> events) {
    static Run of(Setting setting) throws IOException {
      if (!RUNS.containsKey(setting)) {
        Path recording = dir.resolve(RUNS.size() + ".jfr");
        List<String> options =
            List.of(
                "-Xlog:jfr+startup=off",
                "-XX:StartFlightRecording:filename=" + recording + ",settings=" + settings(),
                AgentProcess.agent("mode=" + setting.mode()));
        AgentProcess.Result result =
            AgentProcess.run(setting.jdk(), options, PROGRAM, setting.threads());
        RUNS.put(setting, new Run(result, RecordingFile.readAllEvents(recording)));
      }
      return RUNS.get(setting);
    }
  }

  /** As the README has it taken out of the jar. */
  private static Path settings() throws IOException {
    Path file = dir.resolve("onequeue.jfc");
    try (JarFile jar = new JarFile(AgentProcess.JAR.toFile())) {
      Files.write(file, jar.getInputStream(jar.getEntry("onequeue.jfc")).readAllBytes());
    }
    return file;
  }

  static Stream<Setting> settingsOfThreads() {
    return SETTINGS.stream();
  }

  @ParameterizedTest
  @MethodSource("settingsOfThreads")
  void theProgramSeesWhatItSeesWithoutUs(Setting setting) throws IOException {
    AgentProcess.assertSame(
        Run.of(setting).result(), Stock.run(setting.jdk(), List.of(), PROGRAM, setting.threads()));
  }

  static Stream<Arguments> eachWaitInEachSetting() {
    List<Arguments> all = new ArrayList<>();
    for (Setting setting : SETTINGS) {
      Stream<Expected> expected = Stream.concat(ALIKE.stream(), monitors(setting));
      expected.forEach(each -> all.add(Arguments.of(setting, each)));
    }
    return all.stream();
  }

  private static Stream<Expected> monitors(Setting setting) {
    return setting.onCarriers()
        ? Stream.concat(
            ON_CARRIERS.stream(),
            (setting.adopts() ? JOINS_OF_ADOPTED_THREADS : JOINS_OF_VIRTUAL_THREADS).stream())
        : OF_PLATFORM_THREADS.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("eachWaitInEachSetting")
  void aWaitLeavesOneEvent(Setting setting, Expected expected) throws IOException {
    List<RecordedEvent> waits =
        Run.of(setting).events().stream()
            .filter(event -> expected.thread().equals(waiter(event)))
            .filter(event -> event.getDuration().compareTo(FELT) >= 0)
            .filter(event -> !isTheProcessToo(event))
            .toList();
    assertThat(waits).hasSize(1);
    RecordedEvent wait = waits.get(0);
    assertThat(wait.getEventType().getName()).isEqualTo(expected.event());
    if (expected.event().equals(VIRTUAL_ENTER)) {
      assertThat(wait.getString("stack")).startsWith(PROGRAM + ".enter(");
    } else {
      assertThat(outcome(wait)).isEqualTo(expected.outcome());
      if (expected.other() == null) {
        assertThat(other(wait)).isNull();
      } else {
        assertThat(other(wait)).matches(expected.other());
      }
    }
    if (Set.of(ENTER, WAIT).contains(expected.event()) && !expected.thread().startsWith("join")) {
      assertThat(wait.getClass("monitorClass").getName()).endsWith("Meetings$Shared");
    }
    if (expected.event().equals(VIRTUAL_WAIT) && !expected.thread().startsWith("join")) {
      assertThat(wait.getString("resource")).endsWith("Meetings$Shared");
    }
  }

  /** On JDK 17 Process.waitFor is an Object.wait, which the VM reports by itself. */
  private static boolean isTheProcessToo(RecordedEvent event) {
    return event.getEventType().getName().equals(WAIT)
        && event.getClass("monitorClass").getName().equals("java.lang.ProcessImpl");
  }

  /** The name of the thread that waited; null when the event is not about a wait. */
  private static String waiter(RecordedEvent event) {
    RecordedThread thread = null;
    String type = event.getEventType().getName();
    if (type.equals(VIRTUAL_ENTER)) {
      thread = event.getThread("virtualThread");
    } else if (Set.of(ENTER, WAIT).contains(type) || event.hasField("outcome")) {
      thread = event.getThread();
    }
    return thread == null ? null : thread.getJavaName();
  }

  private static String outcome(RecordedEvent event) {
    if (event.hasField("outcome")) {
      return event.getString("outcome");
    }
    return event.hasField("timedOut") && event.getBoolean("timedOut") ? "timed out" : "ready";
  }

  /** Who had the monitor, notified or woke; null when the event names nobody. */
  private static String other(RecordedEvent event) {
    for (String field : List.of("previousOwner", "notifier", "waker")) {
      if (event.hasField(field)) {
        RecordedThread other = event.getThread(field);
        return other == null ? null : other.getJavaName();
      }
    }
    return null;
  }
}
