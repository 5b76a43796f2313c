package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a program can ask of its threads, and do with them: the answers are the same whether they
 * run as they are or, in mode coroutine, as virtual ones.
 */
@Execution(ExecutionMode.CONCURRENT)
class AdoptionIT {
  private static final String PROGRAMS = "onequeue.it.programs.Adoption";
  private static final String COROUTINE = "mode=coroutine";
  private static final int THREADS_OF_THE_AGENT = 20;

  private static final List<String> THEMES =
      List.of(
          "Identity",
          "Reflection",
          "Life",
          "States",
          "Interrupts",
          "Permits",
          "Groups",
          "Uncaught",
          "Loaders",
          "Locals",
          "Stacks",
          "Pools",
          "Timers",
          "Locks",
          "Meetings",
          "Monitors",
          "Depth",
          "Sockets",
          "Files",
          "Transfers");

  /** What differs in mode coroutine, and is said in the README's chapter on it. */
  private static final List<String> SAID_IN_THE_README = List.of("Reflection");

  private static final List<String> ENDS =
      List.of(
          "Exit worker-exit",
          "Exit worker-halt",
          "Exit worker-dies",
          "Exit main-dies",
          "Exit grandchild",
          "Exit daemon-children",
          "Exit daemons-only",
          "Exit pool",
          "Exit timer",
          "Exit graceful",
          "Exit hook-starts-threads",
          "Exit signal",
          "Exit exit-in-handler");

  /** The programs of {@link TransparencyIT}, in a thread instead of in main. */
  private static final List<String> IN_A_THREAD =
      List.of(
          "Of TransparencyBlocked close",
          "Of TransparencyBlocked interrupt",
          "Of TransparencyStreams",
          "Of TransparencySelect",
          "Of TransparencyFiles");

  /** The theme States has them. */
  private static final List<String> STATES_UNSEEN = List.of("-Dtransparency.states-unseen=true");

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (int jdk : new int[] {17, 25}) {
      for (String mode : jdk == 25 ? List.of("mode=unify", COROUTINE) : List.of("mode=unify")) {
        THEMES.stream()
            .filter(program -> !mode.equals(COROUTINE) || !SAID_IN_THE_README.contains(program))
            .forEach(program -> all.add(Arguments.of(jdk, mode, List.of(), program)));
        ENDS.forEach(program -> all.add(Arguments.of(jdk, mode, List.of(), program)));
        IN_A_THREAD.forEach(program -> all.add(Arguments.of(jdk, mode, STATES_UNSEEN, program)));
        if (!mode.equals(COROUTINE)) {
          all.add(Arguments.of(jdk, mode, List.of(), "Of TransparencyParks"));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {3}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void aProgramPrintsWhatItPrintsWithoutUs(
      int jdk, String mode, List<String> options, String program) {
    String[] words = (PROGRAMS + program).split(" ");
    List<String> attached = new ArrayList<>(options);
    attached.add(agent(mode));
    Result stock = Stock.run(jdk, options, words);
    assertThat(stock.out()).isNotEmpty().doesNotContain("TOO EARLY", "in vain");
    AgentProcess.assertSame(AgentProcess.run(jdk, attached, words), stock);
  }

  /** Else the rest of this would say nothing of mode coroutine. */
  @Test
  void adoptedThreadsAreNoKernelThreads() {
    assertThat(kernelThreads(List.of())).isGreaterThan(500);
    assertThat(kernelThreads(List.of(agent(COROUTINE)))).isLessThan(THREADS_OF_THE_AGENT);
  }

  private static int kernelThreads(List<String> options) {
    Result result = AgentProcess.run(25, options, PROGRAMS + "Kernel");
    assertThat(result.exitCode()).as(result.err()).isZero();
    return Integer.parseInt(result.out().strip());
  }
}
