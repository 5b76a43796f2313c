package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import onequeue.bench.Jdks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools of the VM's (JVMTI) that want to hear of virtual threads do, whenever they come. */
class ToolsIT {
  private static final String PROGRAM = "onequeue.it.programs.ToolAttached";
  private static final String QUIET = "-XX:+EnableDynamicAgentLoading";
  private static final Path TOOL =
      Path.of("../native-helper/target/watching-tool/libwatching_tool.so").toAbsolutePath();

  @BeforeAll
  static void buildTheTool() throws Exception {
    String jdk = "JDK_OF_TOOL=" + Jdks.home(25);
    assertThat(
            new ProcessBuilder("make", "-s", "-C", "../native-helper", "watching-tool", jdk)
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void aToolThatComesLaterHearsOfAllFromThenOn(String mode) {
    String[] program = {PROGRAM, TOOL.toString()};
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(QUIET, agent("mode=" + mode)), program),
        Stock.run(25, List.of(QUIET), program));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void aToolThatIsThereFromTheStartHearsOfAll(String mode) {
    String tool = "-agentpath:" + TOOL;
    AgentProcess.assertSame(
        AgentProcess.run(25, List.of(agent("mode=" + mode), tool), PROGRAM),
        Stock.run(25, List.of(tool), PROGRAM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unify", "coroutine"})
  void statusSaysWhoIsTold(String mode) throws Exception {
    assertThat(status("mode=" + mode)).containsPattern("switch notices +none");
    assertThat(status("mode=" + mode, "-agentpath:" + TOOL))
        .containsPattern("switch notices +to tools \\(there is one\\)");
    assertThat(status("stock=jvmti,mode=" + mode))
        .containsPattern("switch notices +to tools \\(switched off by the option stock\\)");
  }

  private static String status(String options, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.add(agent(options));
    try (AgentProcess process =
        AgentProcess.start(25, all, "onequeue.it.programs.TransparencyProgram", "wait")) {
      return Status.of(process.pid()).text();
    }
  }
}
