package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import onequeue.it.AgentProcess.Result;
import onequeue.it.programs.WakeupSampled;
import onequeue.it.programs.WakeupTrials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 20,000 trials of each way to end a wait: none may be lost. The seed is in the output. {@link
 * BrokenTwinIT} shows that they can be.
 */
class LostWakeupIT {
  static final String PROGRAM = "onequeue.it.programs.WakeupTrials";

  private static final int TRIALS = 20_000;

  /** Those in which a stack trace is taken all the time. */
  private static final int SAMPLED_TRIALS = 2_000;

  private static final List<String> PROTOCOLS =
      List.of(
          "park-unpark",
          "park-timed",
          "park-interrupt",
          "sleep-interrupt",
          "read-data",
          "read-interrupt",
          "read-close",
          "accept-close",
          "receive-close",
          "selector",
          "crowd",
          "pool");

  /** JDK 17 itself can lose it: it looks for a selector first, and sets the status afterwards. */
  private static final String SINCE_25 = "select-interrupt";

  /** While a recording runs, parks take another way: they stay in the VM, and are reported. */
  @ParameterizedTest(name = "JDK {0}, {1}, recording: {2}")
  @CsvSource({
    "17,unify,false",
    "17,unify,true",
    "25,unify,false",
    "25,unify,true",
    "25,coroutine,false",
    "25,coroutine,true"
  })
  void everyWaitIsEnded(int jdk, String mode, boolean recording) {
    List<String> options = new ArrayList<>(List.of(agent("mode=" + mode)));
    if (recording) {
      options.add("-XX:StartFlightRecording:settings=default");
      options.add("-Xlog:jfr+startup=off");
    }
    List<String> protocols = new ArrayList<>(PROTOCOLS);
    if (jdk >= 25) {
      protocols.add(SINCE_25);
    }
    run(jdk, options, TRIALS, protocols);
  }

  /** They hold a carrier each, and there are but two. */
  @Test
  void whoCannotLeaveItsCarrierIsWokenThere() {
    List<String> options = List.of(agent("mode=coroutine,carriers=2"), WakeupTrials.PINS);
    run(25, options, TRIALS, List.of("pinned-read-data", "pinned-select-interrupt"));
  }

  @Test
  void nobodyIsLostWhereStackTracesAreTaken() {
    List<String> options = List.of(agent("mode=coroutine,exclude=" + WakeupSampled.OUTSIDE));
    run(25, options, SAMPLED_TRIALS, List.of("sampled"));
  }

  private static void run(int jdk, List<String> options, int trials, List<String> protocols) {
    List<String> program = new ArrayList<>(List.of(PROGRAM));
    program.add(String.valueOf(System.nanoTime()));
    program.add(String.valueOf(trials));
    program.addAll(protocols);
    Result result = AgentProcess.run(jdk, options, program.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.contains(": trials ")))
        .containsExactlyElementsOf(
            protocols.stream().map(p -> p + ": trials " + trials + " lost 0").toList());
  }
}
