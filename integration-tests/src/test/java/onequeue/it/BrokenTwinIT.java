package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import onequeue.it.AgentProcess.Result;
import onequeue.it.breaker.Breaker;
import onequeue.it.breaker.Twin;
import onequeue.it.programs.WakeupSampled;
import onequeue.it.programs.WakeupTrials;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That {@link LostWakeupIT} can fail: it does when one protocol of the scheduler is broken. */
class BrokenTwinIT {
  private static final int TRIALS = 1_000;
  private static final int PATIENCE_S = 15;

  /** For those that we know will lose, mostly in the first dozens: they end with the first. */
  private static final int MOST_TRIALS = 20_000;

  private static final int SHORT_PATIENCE_S = 3;

  /** In these a carrier comes to the end of a list too soon. */
  private static final Set<Twin> LISTS_BROKEN = Set.of(Twin.NO_LOOK_AT_THE_LINK, Twin.NO_EXCHANGE);

  @TempDir static Path room;

  /**
   * @param waiter what has become of it: runnable when it was woken and nobody runs it, or waits
   *     for data that are there
   */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "NO_SECOND_LOOK,park-unpark,RUNNABLE",
    "NO_WAKER,park-unpark,RUNNABLE",
    "NO_KICK,park-timed,TIMED_WAITING",
    "NO_LOOK_AT_THE_MARK,read-data,RUNNABLE",
    "NO_LOOK_AT_WOKEN,read-data,RUNNABLE",
    "NO_LOOK_WHEN_AWAY,read-data,RUNNABLE",
    "NO_KICK_WHERE_PINNED,pinned-read-data,RUNNABLE",
    "NO_TURNS,select-loops,.*",
    "NO_TURNS,stream-loops,.*",
    "NO_TURNS,channel-loops,.*",
    "NO_TURNS,datagram-loops,.*",
    "NO_WORD_OF_INTERRUPTS,select-interrupt,RUNNABLE",
    "NO_LOOK_AT_THE_STATUS,read-interrupt,java.io.InterruptedIOException",
    "NO_CLAIM,crowd,WAITING|RUNNABLE",
    "NO_LOOK_AT_THE_LINK,sampled,WAITING|RUNNABLE",
    "NO_EXCHANGE,crowd,WAITING|RUNNABLE"
  })
  void aBrokenOneFails(Twin twin, String protocol, String waiter) {
    Result broken = run(twin, MOST_TRIALS, SHORT_PATIENCE_S, protocol);
    assertThat(broken.out()).contains(protocol + ": trials " + MOST_TRIALS + " lost 1");
    assertThat(broken.out()).containsPattern("(?m)^lost: trial \\d+ (" + waiter + ")$");
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "PAUSES,park-unpark park-timed read-data read-interrupt select-interrupt crowd sampled",
    "NO_HELP,park-unpark select-loops stream-loops channel-loops datagram-loops"
  })
  void oneThatIsNotBrokenPasses(Twin twin, String protocols) {
    Result whole = run(twin, TRIALS, PATIENCE_S, protocols.split(" "));
    for (String protocol : protocols.split(" ")) {
      assertThat(whole.out()).contains(protocol + ": trials " + TRIALS + " lost 0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void withoutCarriersTheJdkRunsVirtualThreads(String mode) {
    String program = "onequeue.it.programs.VirtualKindProgram";
    Result attached =
        AgentProcess.run(
            25,
            List.of(
                "-javaagent:" + Breaker.jar(room) + "=" + Twin.NO_CARRIERS, agent("mode=" + mode)),
            program);
    assertThat(attached.out().lines().filter(line -> !line.startsWith("changed ")).toList())
        .isEqualTo(Stock.run(25, List.of(), program).out().lines().toList());
    assertThat(attached.err())
        .isEqualTo(
            "onequeue: virtual threads stay on the JDK's scheduler: java.lang.OutOfMemoryError\n");
  }

  private static Result run(Twin twin, int trials, int patienceSeconds, String... protocols) {
    List<String> program = new ArrayList<>(List.of(LostWakeupIT.PROGRAM));
    program.add(String.valueOf(System.nanoTime()));
    program.add(String.valueOf(trials));
    program.addAll(List.of(protocols));
    Result result =
        AgentProcess.run(
            25,
            List.of(
                // First: in this mode the agent defines the scheduler's classes at once.
                "-javaagent:" + Breaker.jar(room) + "=" + twin,
                agent("mode=coroutine,carriers=2,exclude=" + WakeupSampled.OUTSIDE),
                WakeupTrials.PINS,
                "-Dpatience-s=" + patienceSeconds),
            program.toArray(String[]::new));
    String all = result.out() + result.err();
    assertThat(result.exitCode()).as(all).isZero();
    assertThat(result.out().lines().filter(line -> line.startsWith("changed ")))
        .containsExactlyInAnyOrderElementsOf(
            twin.changes().stream().map(change -> "changed " + change).toList());
    if (!LISTS_BROKEN.contains(twin)) {
      // No carrier met what it should not have; the program says how long it took.
      assertThat(result.err().lines()).as(all).allMatch(line -> line.endsWith(" ms"));
    }
    return result;
  }
}
