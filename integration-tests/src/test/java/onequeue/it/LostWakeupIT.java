package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 20,000 trials of each way to end a wait: none may be lost. The seed is in the output. */
class LostWakeupIT {
  static final String PROGRAM = "onequeue.it.programs.WakeupTrials";

  /** Carriers wake one another for the least bit of work, and so meet as often as can be. */
  static final String EAGER = "-Donequeue.share-nanos=0";

  static final int TRIALS = 20_000;
  private static final List<String> PROTOCOLS =
      List.of(
          "park-unpark",
          "park-interrupt",
          "sleep-interrupt",
          "read-data",
          "read-close",
          "accept-close",
          "receive-close",
          "selector",
          "pool");

  /** Those that need more than one carrier, or more than one kind of wake-up. */
  private static final List<String> MEETINGS =
      List.of("park-unpark", "park-timed", "read-data", "read-interrupt", "crowd");

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
    run(jdk, List.of(agent("mode=" + mode)), recording, PROTOCOLS);
  }

  /** {@link BrokenTwinIT} shows that these can fail. */
  @ParameterizedTest(name = "JDK {0}, {1}, recording: {2}")
  @CsvSource({"17,unify,false", "25,unify,false", "25,coroutine,false", "25,coroutine,true"})
  void everyWaitIsEndedWhereManyMeet(int jdk, String mode, boolean recording) {
    run(jdk, List.of(agent("mode=" + mode), EAGER), recording, MEETINGS);
  }

  private static void run(
      int jdk, List<String> vmOptions, boolean recording, List<String> protocols) {
    List<String> options = new ArrayList<>(vmOptions);
    if (recording) {
      options.add("-XX:StartFlightRecording:settings=default");
      options.add("-Xlog:jfr+startup=off");
    }
    List<String> program = new ArrayList<>(List.of(PROGRAM));
    program.add(String.valueOf(System.nanoTime()));
    program.add(String.valueOf(TRIALS));
    program.addAll(protocols);
    Result result = AgentProcess.run(jdk, options, program.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.contains(": trials ")))
        .containsExactlyElementsOf(
            protocols.stream().map(p -> p + ": trials " + TRIALS + " lost 0").toList());
  }
}
