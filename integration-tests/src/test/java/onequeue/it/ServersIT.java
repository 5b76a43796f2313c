package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers and libraries that people use give the same answers, and end as they always do. */
@Execution(ExecutionMode.CONCURRENT)
class ServersIT {
  private static final List<String> PROGRAMS =
      List.of("Tomcat", "Jetty", "Undertow", "Netty", "JdkHttp", "Database");

  /** The agent goes where a user puts it, not on the class path. */
  private static final List<String> WITH_LIBRARIES =
      List.of(
          "-cp",
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
              .filter(path -> !path.contains("onequeue-agent") && !path.contains("/agent/target/"))
              .collect(Collectors.joining(File.pathSeparator)));

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (String program : PROGRAMS) {
      all.add(Arguments.of(17, "mode=unify", program));
      all.add(Arguments.of(25, "mode=unify", program));
      all.add(Arguments.of(25, "mode=coroutine", program));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void theClientsSeeWhatTheySeeWithoutUs(int jdk, String mode, String program) {
    String main = "onequeue.it.servers." + program + "Program";
    Result stock = Stock.run(jdk, WITH_LIBRARIES, main);
    assertThat(stock.exitCode()).as(stock.err()).isZero();
    assertThat(stock.out()).contains("\nended");
    List<String> attached = new ArrayList<>(WITH_LIBRARIES);
    attached.add(agent(mode));
    AgentProcess.assertSame(AgentProcess.run(jdk, attached, main), stock);
  }
}
