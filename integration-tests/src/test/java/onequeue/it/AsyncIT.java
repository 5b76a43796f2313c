package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** File watchers and asynchronous channels, whose own threads wait for others: all as in stock. */
class AsyncIT {
  private static final String PROGRAMS = "onequeue.it.programs.Async";
  private static final String VIRTUAL = "-Dfiles.threads=virtual";
  private static final String PLATFORM = "-Dfiles.threads=platform";

  @TempDir private Path dir;

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    return Stream.of("Watch", "Channels")
        .flatMap(
            program ->
                Stream.of(
                    Arguments.of(17, "observe", PLATFORM, program),
                    Arguments.of(17, "unify", PLATFORM, program),
                    Arguments.of(25, "observe", VIRTUAL, program),
                    Arguments.of(25, "unify", PLATFORM, program),
                    Arguments.of(25, "unify", VIRTUAL, program),
                    Arguments.of(25, "coroutine", PLATFORM, program)));
  }

  @ParameterizedTest(name = "JDK {0} {1} {2} {3}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void aProgramPrintsWhatItPrintsWithoutUs(int jdk, String mode, String threads, String program) {
    Result stock = Stock.run(jdk, List.of(threads), PROGRAMS + program);
    assertThat(stock.out()).contains("closed").doesNotContain("NOT OVER");
    List<String> options = List.of(threads, agent("mode=" + mode));
    AgentProcess.assertSame(AgentProcess.run(jdk, options, PROGRAMS + program), stock);
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}: {3}")
  @CsvSource({
    "17, unify, platform, 3",
    "25, unify, platform, 3",
    "25, observe, virtual, 3",
    "25, unify, virtual, 0",
    "25, unify+stock=watch, virtual, 3",
    "25, coroutine, platform, 0"
  })
  void watchServicesWaitOnTheCarriersIfThereAreSome(
      int jdk, String mode, String threads, int kernelThreads) throws IOException {
    JfrFile recording = JfrFile.in(dir);
    List<String> options = new ArrayList<>(recording.options());
    options.add("-Dfiles.threads=" + threads);
    options.add(agent("mode=" + mode.replace('+', ',')));
    try (AgentProcess process = AgentProcess.start(jdk, options, PROGRAMS + "WatchThreads")) {
      String line = "kernel threads " + kernelThreads + "\n";
      Until.seen("all wait", process::printed, out -> out.endsWith("\n"));
      assertThat(process.printed()).isEqualTo(line);
      Status status = Status.of(process.pid());
      if (kernelThreads == 0) {
        assertThat(status.figure("stuck")).isZero();
        assertThat(status.figure("watch")).isGreaterThanOrEqualTo(3);
      }
      Result result = process.finish();
      assertThat(result).isEqualTo(new Result(0, line + "file\nfile\nfile\nclosed\n", ""));
    }
    assertThat(JfrFile.waits(recording.events(), "FileSystemWatchService")).isEmpty();
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,unify", "25,coroutine"})
  void threadsOfGroupsWaitInTheQueue(int jdk, String mode) {
    List<String> options = List.of(PLATFORM, agent("mode=" + mode));
    try (AgentProcess process = AgentProcess.start(jdk, options, PROGRAMS + "Channels")) {
      Until.seen("all wait", process::printed, out -> out.endsWith("waiting\n"));
      Status status = Status.of(process.pid());
      assertThat(status.fired("EPoll.wait")).isGreaterThan(20);
      if (mode.equals("coroutine")) {
        Until.seen(
            "no carrier is held",
            () -> Status.of(process.pid()),
            seen ->
                seen.figure("stuck") == 0
                    && seen.text().contains("not adopted: it waits for a group of channels"));
      }
      assertThat(process.finish().exitCode()).isZero();
    }
  }
}
