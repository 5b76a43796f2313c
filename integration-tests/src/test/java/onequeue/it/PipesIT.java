package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pipes and FIFOs behind java.io: all as in stock, whoever closes, ends, reads along or is full.
 */
class PipesIT {
  private static final String PROGRAMS = "onequeue.it.programs.Pipes";
  private static final String USERS = PROGRAMS + "Users";
  private static final String INPUT = PROGRAMS + "Input";

  /** Of adopted threads {@link AdoptionIT} looks at the states. */
  private static final String STATES_UNSEEN = "-Dtransparency.states-unseen=true";

  static Stream<Arguments> eachModeOnEachJdk() {
    return Stream.of(
        Arguments.of(17, "observe", List.of()),
        Arguments.of(17, "unify", List.of()),
        Arguments.of(17, "unify,stock=pipe", List.of()),
        Arguments.of(25, "observe", List.of()),
        Arguments.of(25, "unify", List.of()),
        Arguments.of(25, "coroutine", List.of(STATES_UNSEEN)));
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("eachModeOnEachJdk")
  void childrenAnswerAsTheyDoWithoutUs(int jdk, String mode, List<String> options) {
    compare(jdk, mode, options, PROGRAMS + "Children");
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("eachModeOnEachJdk")
  void fifosAreAsWithoutUs(int jdk, String mode, List<String> options) {
    Result stock = compare(jdk, mode, options, PROGRAMS + "Fifos");
    assertThat(stock.out()).contains("left 0");
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("eachModeOnEachJdk")
  void manyUsersOfOneFifoAllGetOn(int jdk, String mode, List<String> options) {
    compare(jdk, mode, options, USERS);
  }

  private static Result compare(int jdk, String mode, List<String> options, String program) {
    Result stock = Stock.run(jdk, options, program);
    assertThat(stock.out()).isNotEmpty().doesNotContain("NOT OVER", "WRONG", "TORN");
    AgentProcess.assertSame(AgentProcess.run(jdk, with(options, mode), program), stock);
    return stock;
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("eachModeOnEachJdk")
  void theStandardInputIsAsWithoutUs(int jdk, String mode, List<String> options) {
    Result stock = converse(jdk, options);
    assertThat(stock.out()).contains("read two", "read three").doesNotContain("NOT OVER");
    AgentProcess.assertSame(converse(jdk, with(options, mode)), stock);
  }

  private static Result converse(int jdk, List<String> options) {
    try (AgentProcess process = AgentProcess.start(jdk, options, INPUT)) {
      List<String> lines = List.of("one\n", "two\n", "three\n");
      for (int i = 0; i < lines.size(); i++) {
        int answered = i;
        Until.seen(
            "it asks",
            process::printed,
            text -> text.lines().filter("?"::equals).count() > answered);
        process.give(lines.get(i));
      }
      return process.finish();
    }
  }

  /** A quarter of 32 is our share: who finds nothing left of it waits in the kernel. */
  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void withoutDescriptorsToSpareAllIsStock(int jdk) {
    List<String> limit = List.of("prlimit", "--nofile=32");
    Result stock = Stock.run(jdk, List.of(), USERS);
    try (AgentProcess process =
        AgentProcess.start(jdk, limit, List.of(agent("mode=unify")), USERS)) {
      Until.seen("it is through", process::printed, text -> text.contains("done"));
      assertThat(Status.of(process.pid()).figure("over budget")).isPositive();
      AgentProcess.assertSame(process.finish(), stock);
    }
  }

  private static List<String> with(List<String> options, String mode) {
    List<String> all = new ArrayList<>(options);
    all.add(agent("mode=" + mode));
    return all;
  }
}
