package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import onequeue.it.AgentProcess.Result;
import onequeue.it.breaker.Breaker;
import onequeue.it.breaker.Twin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That {@link LostWakeupIT} can fail: it does when one protocol of the scheduler is broken. */
class BrokenTwinIT {
  private static final int TRIALS = 2_000;

  @TempDir static Path room;

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "NO_SECOND_LOOK,park-unpark",
    "NO_WAKER,park-unpark",
    "NO_KICK,park-timed",
    "NO_LOOK_AT_THE_MARK,read-data",
    "NO_LOOK_AT_THE_STATUS,read-interrupt",
    "NO_CLAIM,crowd",
    "NO_EXCHANGE,crowd"
  })
  void aBrokenOneFails(Twin twin, String protocol) {
    Result broken = run(twin, protocol);
    assertThat(broken.out()).contains(protocol + ": trials " + TRIALS + " lost 1");
  }

  @ParameterizedTest
  @CsvSource({"park-unpark", "park-timed", "read-data", "read-interrupt", "crowd"})
  void oneThatIsNotBrokenPasses(String protocol) {
    Result whole = run(Twin.NONE, protocol);
    assertThat(whole.out()).contains(protocol + ": trials " + TRIALS + " lost 0");
  }

  private static Result run(Twin twin, String protocol) {
    Result result =
        AgentProcess.run(
            25,
            List.of(
                // First: in this mode the agent defines the scheduler's classes at once.
                "-javaagent:" + Breaker.jar(room) + "=" + twin,
                agent("mode=coroutine,carriers=2"),
                LostWakeupIT.EAGER,
                "-Dpatience-s=" + (twin == Twin.NONE ? 15 : 3)),
            LostWakeupIT.PROGRAM,
            String.valueOf(System.nanoTime()),
            String.valueOf(TRIALS),
            protocol);
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    return result;
  }
}
