package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import onequeue.bench.Jdks;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools of the VM's (JVMTI) see and are told. */
class ToolsIT {
  private static final String ATTACHED = "onequeue.it.programs.ToolAttached";
  private static final String ENDS = "onequeue.it.programs.EndsBesideDaemons";
  private static final String QUIET = "-XX:+EnableDynamicAgentLoading";
  private static final Path WATCHING = tool("watching");
  private static final Path ENDING = tool("ending");

  private static Path tool(String name) {
    return Path.of("../native-helper/target/jvm-tools/lib" + name + "_tool.so").toAbsolutePath();
  }

  @BeforeAll
  static void buildTools() throws Exception {
    String jdk = "JDK=" + Jdks.home(25);
    assertThat(
            new ProcessBuilder("make", "-s", "-C", "../native-helper", "jvm-tools", jdk)
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void oneThatComesLaterHearsOfVirtualThreadsFromThenOn(String mode) {
    String[] program = {ATTACHED, WATCHING.toString()};
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(QUIET, agent("mode=" + mode)), program),
        Stock.run(25, List.of(QUIET), program));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void oneThatIsThereFromTheStartHearsOfAll(String mode) {
    String tool = "-agentpath:" + WATCHING;
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(agent("mode=" + mode), tool), ATTACHED),
        Stock.run(25, List.of(tool), ATTACHED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void statusSaysWhetherOneIsTold(String mode) {
    assertThat(status("mode=" + mode)).containsPattern("jvmti +not told of thread switches");
    assertThat(status("mode=" + mode, "-agentpath:" + WATCHING))
        .containsPattern("jvmti +told of thread switches \\(a tool is there\\)");
    assertThat(status("stock=jvmti,mode=" + mode))
        .containsPattern("jvmti +told of thread switches \\(switched off by the option stock\\)");
  }

  private static String status(String options, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.add(agent(options));
    try (AgentProcess process = AgentProcess.start(25, all, ENDS, "return")) {
      return Until.seen(
          "the agent has started",
          () -> Status.of(process.pid()).text(),
          text -> text.contains("in use"));
    }
  }

  /** For a thread in native code the VM waits when it ends; a parked one is none in stock. */
  @ParameterizedTest(name = "JDK {0}, {1}, {2}")
  @CsvSource({
    "17,unify,return",
    "17,unify,exit",
    "17,unify,hook",
    "25,unify,return",
    "25,unify,exit",
    "25,unify,hook",
    "25,coroutine,return",
    "25,coroutine,exit",
    "25,coroutine,hook"
  })
  void whoWaitsForNoDescriptorHasLeftTheQueueWhenTheVmEnds(int jdk, String mode, String how) {
    String tool = "-agentpath:" + ENDING;
    String[] program = {ENDS, how};
    Result stock = Stock.run(jdk, List.of(tool), program);
    assertThat(stock.out()).endsWith("threads in epoll at the end: 0\n");
    AgentProcess.assertSame(
        AgentProcess.run(jdk, List.of(tool, agent("mode=" + mode)), program), stock);
  }
}
