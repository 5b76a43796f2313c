package onequeue.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that all comparisons share. */
final class Setup {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--jdk",
      paramLabel = "N",
      description = "Feature release of the JDK to measure on (default: the running one).")
  private Integer jdk;

  @Option(
      names = "--sides",
      split = ",",
      defaultValue = "stock,observe,unify",
      description =
          "What to compare, the base first: stock, observe, unify, coroutine"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Side> sides;

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "For the JVMs of all sides, for example --jvm-option=-Xmx1g; may be repeated.")
  private List<String> jvmOptions = List.of();

  List<Side> sides() {
    return sides;
  }

  /** The sides in the order of a round: every other round goes backwards. */
  List<Side> sidesOfRound(int round) {
    List<Side> order = new ArrayList<>(sides);
    if (round % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }

  Path jdkHome() {
    return jdk == null ? Jdks.running() : Jdks.home(jdk);
  }

  JavaCommand java() {
    return new JavaCommand(jdkHome(), jvmOptions);
  }
}
