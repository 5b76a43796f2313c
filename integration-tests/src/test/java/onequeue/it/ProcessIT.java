package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Children and other processes end as without us, and no thread is held for each. */
@Execution(ExecutionMode.CONCURRENT)
class ProcessIT {
  private static final String PROGRAMS = "onequeue.it.programs.";
  private static final List<String> THEMES =
      List.of("ProcessExits", "ProcessStreams", "ProcessStrangers");
  private static final Pattern HELD = Pattern.compile("threads (\\d+) pidfds (\\d+) left (\\d+)");
  private static final int CHILDREN = 1000;

  /** That wait for the end of children, or see one to its end. */
  private static final int FEW_THREADS = 10;

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (int jdk : new int[] {17, 25}) {
      for (String mode :
          jdk == 25 ? List.of("observe", "unify", "coroutine") : List.of("observe", "unify")) {
        for (String theme : THEMES) {
          all.add(Arguments.of(jdk, mode, theme));
          all.add(Arguments.of(jdk, mode, "AdoptionOf " + theme));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void aProgramPrintsWhatItPrintsWithoutUs(int jdk, String mode, String program) {
    String[] words = (PROGRAMS + program).split(" ");
    Result stock = Stock.run(jdk, List.of(), words);
    assertThat(stock.out()).isNotEmpty().doesNotContain("NOT OVER", "in vain");
    AgentProcess.assertSame(AgentProcess.run(jdk, List.of(agent("mode=" + mode)), words), stock);
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,unify", "25,coroutine"})
  void noThreadIsHeldForEachOfManyChildren(int jdk, String mode) {
    Matcher stock = crowd(jdk, List.of(), List.of(), CHILDREN);
    assertThat(number(stock, 1)).isGreaterThanOrEqualTo(CHILDREN);
    Matcher ours = crowd(jdk, List.of(), List.of(agent("mode=" + mode)), CHILDREN);
    assertThat(number(ours, 1)).isLessThan(FEW_THREADS);
    assertThat(number(ours, 2)).isEqualTo(CHILDREN);
    assertThat(number(ours, 3)).isZero();
  }

  /** A quarter of 400: our own share; the rest of the descriptors is the program's. */
  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void underALowDescriptorLimitSomeAreWaitedForTheStockWay(int jdk) {
    List<String> limit = List.of("bash", "-c", "ulimit -n 400 && exec \"$@\"", "bash");
    Matcher held = crowd(jdk, limit, List.of(agent("mode=unify")), 200);
    assertThat(number(held, 2)).isBetween(1, 100);
    assertThat(number(held, 1)).isGreaterThanOrEqualTo(100);
    assertThat(number(held, 3)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theOptionStockLeavesThemToTheJdk(int jdk) {
    Matcher held = crowd(jdk, List.of(), List.of(agent("stock=process")), 20);
    assertThat(number(held, 1)).isGreaterThanOrEqualTo(20);
    assertThat(number(held, 2)).isZero();
  }

  private static Matcher crowd(int jdk, List<String> wrapper, List<String> options, int count) {
    Result result;
    try (AgentProcess process =
        AgentProcess.start(
            jdk, wrapper, options, PROGRAMS + "ProcessCrowd", String.valueOf(count))) {
      result = process.finish();
    }
    assertThat(result.err()).isEmpty();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(2).first().isEqualTo("right codes " + count);
    Matcher held = HELD.matcher(lines.get(1));
    assertThat(held.matches()).as(lines.get(1)).isTrue();
    return held;
  }

  private static int number(Matcher line, int group) {
    return Integer.parseInt(line.group(group));
  }
}
