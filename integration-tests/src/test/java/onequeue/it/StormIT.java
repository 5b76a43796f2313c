package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bad weather: clients without manners, interrupts at random, threads that nobody can take the
 * processor from. All that is owed is given, and it ends. The seed is in the output.
 */
class StormIT {
  private static final String PROGRAMS = "onequeue.it.programs.Storm";
  private static final String CONNECTIONS = "10000";
  private static final long SEED = System.nanoTime();

  @ParameterizedTest(name = "JDK 25 {0}")
  @CsvSource({"mode=unify", "mode=coroutine"})
  void eachRequestThatWasSentInFullIsAnswered(String mode) {
    Result result = inBadWeather(mode, "Connections", CONNECTIONS);
    List<String> lines = result.out().lines().filter(line -> line.contains("answered")).toList();
    assertThat(lines).hasSize(8);
    assertThat(lines)
        .allSatisfy(line -> assertThat(word(line, "answered")).isEqualTo(word(line, "asked")));
    assertThat(result.out()).endsWith("handlers left 0\n");
  }

  private static String word(String line, String before) {
    return line.replaceAll(".*" + before + " (\\d+).*", "$1");
  }

  @ParameterizedTest(name = "JDK 25 {0}")
  @CsvSource({"mode=unify", "mode=coroutine"})
  void interruptsLoseNothing(String mode) {
    Result result = inBadWeather(mode, "Interrupts");
    assertThat(result.out()).contains("items 3000 sum 4501500").doesNotContain("NOT OVER", " by ");
  }

  @ParameterizedTest(name = "JDK 25 {0}")
  @CsvSource({"mode=unify", "mode=coroutine"})
  void blockedThreadsKeepNobodyWaiting(String mode) {
    Result result = inBadWeather(mode, "Blockers");
    assertThat(result.out()).contains("all ended true").doesNotContain("all ended false", "threw");
  }

  /** The carrier looks for them each 127 turns; one each time would make 127,000 in the median. */
  @Test
  void whoIsWokenFromOutsideHasATurnAmongThoseThatAreAlwaysRunnable() {
    Result result =
        AgentProcess.run(25, List.of(agent("mode=coroutine,carriers=1")), PROGRAMS + "Turns");
    assertThat(result.err()).isEmpty();
    assertThat(Integer.parseInt(result.out().strip().replace("turns ", ""))).isLessThan(20_000);
  }

  private static Result inBadWeather(String mode, String program, String... more) {
    String[] words = new String[2 + more.length];
    words[0] = PROGRAMS + program;
    words[1] = String.valueOf(SEED);
    System.arraycopy(more, 0, words, 2, more.length);
    Result stock = Stock.run(25, List.of(), words);
    assertThat(stock.exitCode()).as(stock.out() + stock.err()).isZero();
    Result attached = AgentProcess.run(25, List.of(agent(mode)), words);
    AgentProcess.assertSame(attached, stock);
    return attached;
  }
}
