package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files, FIFOs and file locks of virtual threads, and of those that run as such in mode coroutine:
 * all as in stock, without a carrier for the wait.
 */
class FilesIT {
  private static final String PROGRAMS = "onequeue.it.programs.Files";
  private static final String VIRTUAL = "-Dfiles.threads=virtual";
  private static final String PLATFORM = "-Dfiles.threads=platform";

  private static final String BY_RING = "file operations by io_uring";
  private static final String BY_HELPERS = "file operations by helpers";

  private static final long BETWEEN_LOOKS_NANOS = 5_000_000;

  @TempDir private Path dir;

  static Stream<Arguments> eachModeAndNone() {
    return Stream.concat(eachRung(), Stream.of(Arguments.of("unify,stock=file", VIRTUAL)));
  }

  /** Each mode with the kernel's ring, if it can be had, and without. */
  static Stream<Arguments> eachRung() {
    return Stream.of(
        Arguments.of("unify", VIRTUAL),
        Arguments.of("unify,carriers=1", VIRTUAL),
        Arguments.of("unify,stock=uring", VIRTUAL),
        Arguments.of("coroutine", PLATFORM),
        Arguments.of("coroutine,stock=uring", PLATFORM));
  }

  static Stream<Arguments> eachMode() {
    return Stream.of(Arguments.of("unify", VIRTUAL), Arguments.of("coroutine", PLATFORM));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachModeAndNone")
  void allCallsGiveWhatTheyGiveWithoutUs(String mode, String threads) {
    Result stock = Stock.run(25, List.of(threads), PROGRAMS + "Calls");
    assertThat(stock.out()).contains("async").doesNotContain("NOT AS WRITTEN");
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(threads, agent("mode=" + mode)), PROGRAMS + "Calls"), stock);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachModeAndNone")
  void theDiskIsWaitedForAsWithoutUs(String mode, String threads) {
    Result stock = Stock.run(25, List.of(threads), PROGRAMS + "Ring");
    assertThat(stock.out()).contains("done").doesNotContain("NOT ");
    List<String> options = List.of(threads, agent("mode=" + mode));
    try (AgentProcess process = AgentProcess.start(25, options, PROGRAMS + "Ring")) {
      Until.seen("done", process::printed, out -> out.contains("done"));
      whoMadeTheCalls(mode, process);
      AgentProcess.assertSame(process.finish(), stock);
    }
  }

  /** The program has forced its file 2 * 200 * 20 times, besides what it read and wrote. */
  private static void whoMadeTheCalls(String mode, AgentProcess process) {
    if (mode.contains("stock=file")) {
      Until.seen(
          "it says so",
          () -> Status.of(process.pid()).text(),
          text -> text.contains("as without us\n"));
      return;
    }
    Status status =
        Until.seen(
            "all is counted",
            () -> Status.of(process.pid()),
            now -> Math.max(now.figure(BY_RING), now.figure(BY_HELPERS)) >= 8000);
    if (mode.contains("stock=uring")) {
      assertThat(status.text()).containsPattern("file waits +helpers \\(stock=uring\\)\n");
      assertThat(status.figure(BY_RING)).isZero();
    } else if (status.text().contains("helpers (io_uring: ")) {
      System.out.println(
          "io_uring cannot be had here, so these are the helpers:\n" + status.text());
    } else {
      assertThat(status.text()).containsPattern("file waits +io_uring\n");
      assertThat(status.figure(BY_RING)).isGreaterThanOrEqualTo(8000);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachModeAndNone")
  void copiesAreMadeAsWithoutUs(String mode, String threads) {
    Result stock = Stock.run(25, List.of(threads), PROGRAMS + "Copies");
    assertThat(stock.out()).contains("done").doesNotContain("NOT ");
    List<String> options = List.of(threads, agent("mode=" + mode));
    try (AgentProcess process = AgentProcess.start(25, options, PROGRAMS + "Copies")) {
      Until.seen("done", process::printed, out -> out.contains("done"));
      if (!mode.contains("stock=file")) { // of the 50 long copies at once, each
        Until.seen(
            "all are counted",
            () -> Status.of(process.pid()).figure(BY_HELPERS),
            helped -> helped >= 50);
      }
      AgentProcess.assertSame(process.finish(), stock);
    }
  }

  /**
   * Compared with platform threads in both modes: a virtual thread in stock keeps whoever closes
   * its channel waiting until there is something to read.
   */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachMode")
  void closesAndInterruptsEndWhatTheyEndWithoutUs(String mode, String threads) {
    Result stock = Stock.run(25, List.of(PLATFORM), PROGRAMS + "Blocked");
    assertThat(stock.out()).contains("many").doesNotContain("NOT OVER");
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(threads, agent("mode=" + mode)), PROGRAMS + "Blocked"), stock);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachMode")
  void manyThatWaitLeaveTheCarriersFree(String mode, String threads) {
    List<String> options = List.of(threads, agent("mode=" + mode));
    try (AgentProcess process = AgentProcess.start(25, options, PROGRAMS + "Many")) {
      while (!process.printed().contains("waiting")) {
        assertThat(process.printed()).doesNotContain("Exception");
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS); // all cores are for the program
      }
      Status status =
          Until.seen(
              "all wait", () -> Status.of(process.pid()), now -> now.figure("file helpers") == 100);
      assertThat(status.text())
          .containsPattern("spares so far +[0-2]\n") // a busy machine holds up a carrier, too
          .containsPattern("stuck +0\n")
          .containsPattern("files +by helpers\n");
      Result result = process.finish();
      assertThat(result.out()).contains("sum 7100");
      assertThat(result.err()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("eachMode")
  void eachWaitIsAnEvent(String mode, String threads) throws Exception {
    Path recording = dir.resolve("run.jfr");
    List<String> options =
        List.of(
            threads,
            agent("mode=" + mode),
            "-Xlog:disable",
            "-XX:StartFlightRecording=settings=none,filename="
                + recording
                + ",onequeue.File#enabled=true,onequeue.Pipe#enabled=true");
    Result result = AgentProcess.run(25, options, PROGRAMS + "Many");
    assertThat(result.out()).contains("sum 7100");
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    assertThat(count(events, "onequeue.Pipe", ".*fifo\\d+")).isGreaterThanOrEqualTo(1000);
    assertThat(count(events, "onequeue.File", ".*file")).isEqualTo(100);
  }

  private static long count(List<RecordedEvent> events, String type, String resource) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(type))
        .filter(event -> event.getString("resource").matches(resource))
        .count();
  }
}
