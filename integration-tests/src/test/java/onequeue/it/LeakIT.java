package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections, threads and pipes come and go; what the process holds does not grow. Compared is the
 * first half of a run with the second, after a warm-up: by then heap and compiled code stand still.
 */
class LeakIT {
  private static final String PROGRAM = "onequeue.it.programs.LeakProgram";
  private static final List<String> STEADY_HEAP =
      List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
  private static final Pattern LINE = Pattern.compile("(\\w+) descriptors (\\d+) KiB (\\d+)");

  /** Ports of ended threads that are kept for the next ones, and the ends of a few sockets. */
  private static final int DESCRIPTORS_KEPT = 40;

  private static final int GROWTH_ALLOWED = 12;
  private static final int KIB_ALLOWED = 4096;

  @ParameterizedTest(name = "JDK {0}, {1}: {3} {2}")
  @CsvSource({
    "17,unify,connections,100000",
    "25,unify,connections,100000",
    "25,coroutine,connections,100000",
    "17,unify,threads,20000",
    "25,unify,threads,20000",
    "25,coroutine,threads,20000",
    "17,unify,pipes,20000",
    "25,unify,pipes,20000",
    "25,coroutine,pipes,20000"
  })
  void nothingIsLeftBehind(int jdk, String mode, String what, String count) {
    List<String> options = new ArrayList<>(STEADY_HEAP);
    options.add(agent("mode=" + mode));
    Result result = AgentProcess.run(jdk, options, PROGRAM, what, count);
    assertThat(result.err()).isEmpty();
    List<Matcher> lines = result.out().lines().map(LINE::matcher).toList();
    assertThat(lines).hasSize(3).allMatch(Matcher::matches);
    int descriptors = number(lines.get(2), 2) - number(lines.get(1), 2);
    int kib = number(lines.get(2), 3) - number(lines.get(1), 3);
    assertThat(number(lines.get(2), 2)).as(result.out()).isLessThan(DESCRIPTORS_KEPT);
    assertThat(descriptors).as(result.out()).isLessThan(GROWTH_ALLOWED);
    assertThat(kib).as(result.out()).isLessThan(KIB_ALLOWED);
  }

  private static int number(Matcher line, int group) {
    return Integer.parseInt(line.group(group));
  }
}
