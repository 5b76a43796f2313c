package onequeue.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that all comparisons share. */
final class Setup {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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

  private List<Side> sides;

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "For the JVMs of all sides, for example --jvm-option=-Xmx1g; may be repeated.")
  private List<String> jvmOptions = List.of();

  @Option(
      names = "--sides",
      paramLabel = "SIDE[,SIDE...]",
      defaultValue = "stock,observe,unify",
      description =
          "What to compare, the base first: stock, observe, unify, coroutine;"
              + " for the subject hello of http also virtual, netty-epoll-1, netty-epoll-2, c-loop,"
              + " and for tomcat tomcat-virtual; or all (default: ${DEFAULT-VALUE}).")
  void chooseSides(String words) {
    sides = Choice.of(Side.class, spec, "--sides", words);
  }

  /** The chosen sides, but for those that something keeps from running: says in a line what. */
  List<Side> sides(Function<Side, Optional<String>> obstacle) {
    List<Side> able = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Side side : sides) {
      obstacle
          .apply(side)
          .ifPresentOrElse(why -> leftOut.add(side + " (" + why + ")"), () -> able.add(side));
    }
    if (!leftOut.isEmpty()) {
      System.out.println("\n# left out: " + String.join(", ", leftOut));
    }
    return able;
  }

  /** The chosen sides that are a way to run any program; at least one. */
  List<Side> sidesOfAnyProgram() {
    List<Side> able =
        sides(side -> side.isVariant() ? Optional.of("of a server") : side.obstacle(jdkRelease()));
    if (able.isEmpty()) {
      throw new IllegalStateException("none of the sides can run here");
    }
    return able;
  }

  /** The sides in the order of a round: every other round goes backwards. */
  static <S> List<S> inRound(List<S> sides, int round) {
    List<S> order = new ArrayList<>(sides);
    if (round % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }

  Path jdkHome() {
    return jdk == null ? Jdks.running() : Jdks.home(jdk);
  }

  int jdkRelease() {
    return Jdks.feature(jdkHome());
  }

  JavaCommand java() {
    return new JavaCommand(jdkHome(), jvmOptions);
  }
}
