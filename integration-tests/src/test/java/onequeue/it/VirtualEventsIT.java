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
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The waits of virtual threads that the program itself starts, in each mode: as stock to the
 * program, and each is reported once, by the thread that waited.
 */
class VirtualEventsIT {
  private static final String PROGRAM = "onequeue.it.programs.VirtualKindProgram";
  private static final int JDK = 25;
  private static final Duration MOMENT = Duration.ofMillis(10);

  /** What is expected of the wait of the thread that has its name. */
  private record Expected(
      String thread, String event, String resource, String outcome, String waker) {}

  private static final List<Expected> EXPECTED =
      List.of(
          new Expected("accept", "Accept", "127.0.0.1:\\d+", "ready", null),
          new Expected("connect", "Connect", "127.0.0.1:\\d+", "ready", null),
          new Expected("read", "Read", "127.0.0.1:\\d+", "ready", null),
          new Expected("read-timed-out", "Read", "127.0.0.1:\\d+", "timed out", null),
          new Expected("read-closed", "Read", "127.0.0.1:\\d+", "closed", "main"),
          new Expected("write", "Write", "127.0.0.1:\\d+", "ready", null),
          new Expected("datagram", "Datagram", "127.0.0.1:\\d+", "ready", null),
          new Expected("unix", "Read", ".*kind.*socket", "ready", null),
          new Expected("pipe", "Pipe", ".*pipe.*", "ready", null),
          new Expected("select", "Select", ".*eventpoll.*", "ready", "main"),
          new Expected("sleep", "Sleep", "", "timed out", null),
          new Expected("sleep-interrupted", "Sleep", "", "interrupted", "main"),
          new Expected("park", "Park", "", "unparked", "main"),
          new Expected("park-by-another", "Park", "", "unparked", "another"),
          new Expected("park-timed-out", "Park", "", "timed out", null),
          new Expected("park-interrupted", "Park", "", "interrupted", "main"),
          new Expected("lock", "Park", "", "unparked", "main"),
          new Expected("queue", "Park", "", "unparked", "main"));

  private static final Map<String, Run> RUNS = new HashMap<>();

  @TempDir private static Path dir;

  /** The program makes all the waits in one go; what it did in one mode. */
  private record Run(AgentProcess.Result result, List<RecordedEvent> events) {
    static Run in(String mode) throws IOException {
      if (!RUNS.containsKey(mode)) {
        JfrFile file = JfrFile.in(Files.createDirectory(dir.resolve(mode)));
        List<String> options = new ArrayList<>(file.options());
        options.add(AgentProcess.agent("mode=" + mode));
        RUNS.put(mode, new Run(AgentProcess.run(JDK, options, PROGRAM), file.events()));
      }
      return RUNS.get(mode);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"observe", "unify", "coroutine"})
  void theProgramSeesWhatItSeesWithoutUs(String mode) throws IOException {
    AgentProcess.assertSame(Run.in(mode).result(), Stock.run(JDK, List.of(), PROGRAM));
  }

  static Stream<Arguments> eachWaitInEachMode() {
    return Stream.of("observe", "unify", "coroutine")
        .flatMap(mode -> EXPECTED.stream().map(expected -> Arguments.of(mode, expected)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("eachWaitInEachMode")
  void aWaitLeavesOneEventThatNamesIt(String mode, Expected expected) throws IOException {
    List<RecordedEvent> waits = JfrFile.waits(Run.in(mode).events(), expected.thread());
    List<RecordedEvent> felt =
        waits.stream().filter(wait -> wait.getDuration().compareTo(MOMENT) >= 0).toList();
    if (expected.event().equals("Write")) {
      assertThat(felt).as("among " + waits).isNotEmpty(); // it waits whenever the buffer is full
    } else {
      assertThat(felt).as("among " + waits).hasSize(1);
    }
    assertNoneWithinAnother(waits);
    RecordedEvent event = felt.get(0);
    assertThat(event.getEventType().getName()).isEqualTo("onequeue." + expected.event());
    assertThat(event.getString("resource")).matches(expected.resource());
    assertThat(event.getString("outcome")).isEqualTo(expected.outcome());
    assertThat(event.getString("mode")).isEqualTo(mode);
    assertThat(event.getThread().getBoolean("virtual")).isTrue();
    RecordedThread waker = event.getThread("waker");
    assertThat(waker == null ? null : waker.getJavaName()).isEqualTo(expected.waker());
  }

  private static void assertNoneWithinAnother(List<RecordedEvent> waits) {
    for (RecordedEvent one : waits) {
      for (RecordedEvent other : waits) {
        assertThat(
                one == other
                    || !other.getStartTime().isBefore(one.getEndTime())
                    || !one.getStartTime().isBefore(other.getEndTime()))
            .as("%s and %s are one wait", one, other)
            .isTrue();
      }
    }
  }
}
