package onequeue.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import onequeue.control.Version;
import org.junit.jupiter.api.Test;

class CommandLineToolTest {
  /** The kernel gives no number above 4,194,304. */
  private static final String NOBODY = "4194305";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aProcessThatIsNotThereIsNamed() {
    assertThat(run("status", NOBODY)).isEqualTo(1);
    assertThat(err).hasToString("onequeue: no process " + NOBODY + System.lineSeparator());
  }

  @Test
  void aProcessWithoutAgentIsNamed() {
    long me = ProcessHandle.current().pid();

    assertThat(run("status", Long.toString(me))).isEqualTo(1);
    assertThat(err.toString()).startsWith("onequeue: process " + me + " has no onequeue agent;");
  }

  @Test
  void aNumberIsExpected() {
    assertThat(run("status", "tomcat")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("onequeue: Invalid value")
        .contains("'tomcat'")
        .endsWith("; see java -jar onequeue.jar status --help");
  }

  @Test
  void withoutACommandTheHelpIsPointedTo() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString().strip())
        .isEqualTo("onequeue: no command given; see java -jar onequeue.jar --help");
  }

  @Test
  void anUnknownCommandIsNamed() {
    assertThat(run("statsu", "1")).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains("'statsu'");
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString().strip()).isEqualTo("onequeue " + Version.TEXT).matches(".* \\d.*");
  }

  @Test
  void helpGoesToTheStandardOutput() {
    assertThat(run("status", "--help")).isZero();
    assertThat(out.toString()).contains("PID").contains("Exit codes");
    assertThat(err.toString()).isEmpty();
  }

  private int run(String... args) {
    return CommandLineTool.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
