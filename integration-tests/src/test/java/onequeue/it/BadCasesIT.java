package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where things go wrong, they go wrong as without us: full disks, killed children, directories that
 * go away, limits.
 */
class BadCasesIT {
  private static final String PROGRAMS = "onequeue.it.programs.";
  private static final List<String> THEMES =
      List.of("BadFiles", "BadProcesses", "BadWatches", "BadWatches many");

  /** {@link AdoptionIT} looks at the states of adopted threads. */
  private static final String STATES_UNSEEN = "-Dtransparency.states-unseen=true";

  private static final Pattern DESCRIPTORS = Pattern.compile("descriptors (\\d+)\n");
  private static final int DESCRIPTOR_LIMIT = 400;

  /** The queue's own, and the jar's; see TransparencyIT. */
  private static final int FEW_DESCRIPTORS = 10;

  /** For root there is a limit only if it gives up the right to lock as much as it likes. */
  private static final String NO_LOCKED_MEMORY =
      """
      ulimit -l 0 || exit 1
      if setpriv --bounding-set=-ipc_lock true 2>/dev/null; then
        exec setpriv --bounding-set=-ipc_lock "$@"
      fi
      exec "$@"
      """;

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (String mode : List.of("17 unify", "25 unify", "25 coroutine")) {
      for (String theme : THEMES) {
        String[] words = mode.split(" ");
        all.add(Arguments.of(Integer.parseInt(words[0]), words[1], theme));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void aProgramPrintsWhatItPrintsWithoutUs(int jdk, String mode, String program) {
    String[] words = (PROGRAMS + program).split(" ");
    Result stock = Stock.run(jdk, List.of(STATES_UNSEEN), words);
    assertThat(stock.out()).isNotEmpty().doesNotContain("NOT OVER", "in vain", "threw");
    stock
        .out()
        .lines()
        .filter(line -> line.contains("cannot mount"))
        .forEach(line -> System.out.println("BadCasesIT skips: " + line));
    AgentProcess.assertSame(
        AgentProcess.run(jdk, List.of(STATES_UNSEEN, agent("mode=" + mode)), words), stock);
  }

  /** Calls say the same, and of the descriptors we take no more than we say. */
  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,unify", "25,coroutine"})
  void withoutDescriptorsCallsFailAsWithoutUs(int jdk, String mode) {
    List<String> limit =
        List.of("sh", "-c", "ulimit -n " + DESCRIPTOR_LIMIT + " && exec \"$@\"", "sh");
    Result stock = run(jdk, limit, List.of());
    Result ours = run(jdk, limit, List.of(agent("mode=" + mode)));
    AgentProcess.assertSame(withoutDescriptors(ours), withoutDescriptors(stock));
    assertThat(stock.out()).contains("Too many open files").doesNotContain("DOES NOT WORK");
    assertThat(descriptors(stock) - descriptors(ours))
        .isBetween(0, DESCRIPTOR_LIMIT / 4 + FEW_DESCRIPTORS);
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,unify", "25,coroutine"})
  void theFirstWaitOnASocketNeedsNoDescriptor(int jdk, String mode) {
    List<String> limit = List.of("prlimit", "--nofile=" + DESCRIPTOR_LIMIT);
    Result stock = run(jdk, limit, List.of(), "BadFirstWait");
    AgentProcess.assertSame(run(jdk, limit, List.of(agent("mode=" + mode)), "BadFirstWait"), stock);
    assertThat(stock.out()).contains("Too many open files", "Read timed out");
  }

  /** Which rings of io_uring would need. */
  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @CsvSource({
    "17,unify,BadFiles",
    "25,unify,BadFiles",
    "25,coroutine,BadFiles",
    "25,coroutine,FilesCalls"
  })
  void withoutLockedMemoryFilesAreAsWithoutUs(int jdk, String mode, String program) {
    List<String> limit = List.of("sh", "-c", NO_LOCKED_MEMORY, "sh");
    Result stock = run(jdk, limit, List.of(), program);
    AgentProcess.assertSame(run(jdk, limit, List.of(agent("mode=" + mode)), program), stock);
    assertThat(stock.exitCode()).isZero();
  }

  private static Result run(
      int jdk, List<String> wrapper, List<String> options, String... program) {
    String name = PROGRAMS + (program.length == 0 ? "BadLimits" : program[0]);
    try (AgentProcess process = AgentProcess.start(jdk, wrapper, options, name)) {
      return process.finish();
    }
  }

  private static Result withoutDescriptors(Result result) {
    return new Result(
        result.exitCode(), DESCRIPTORS.matcher(result.out()).replaceAll(""), result.err());
  }

  private static int descriptors(Result result) {
    Matcher line = DESCRIPTORS.matcher(result.out());
    assertThat(line.find()).as(result.out()).isTrue();
    return Integer.parseInt(line.group(1));
  }
}
