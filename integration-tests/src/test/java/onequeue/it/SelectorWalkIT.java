package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random programs over selectors do as a model says, without us and with us. */
class SelectorWalkIT {
  private static final String PROGRAM = "onequeue.it.programs.SelectorWalk";
  private static final int STEPS = 200_000;

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,stock", "17,unify", "25,stock", "25,unify", "25,coroutine"})
  void selectorsSayWhatIsReady(int jdk, String mode) {
    List<String> options = mode.equals("stock") ? List.of() : List.of(agent("mode=" + mode));
    String seed = String.valueOf(System.nanoTime());
    Result result = AgentProcess.run(jdk, options, PROGRAM, seed, String.valueOf(STEPS));
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo(STEPS + " steps, all as the model says\n");
    assertThat(result.exitCode()).isZero();
  }
}
