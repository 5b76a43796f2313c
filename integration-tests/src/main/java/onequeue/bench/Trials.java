package onequeue.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options of a comparison that takes variants too, and its rounds: each side in turn, in JVMs
 * of its own. One thread.
 */
final class Trials {
  /** Measures one side once. */
  interface Measurement {
    /**
     * @throws IOException when the side cannot be measured: it is left out from then on
     */
    void run(Trial trial) throws IOException, InterruptedException;
  }

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
      split = ",",
      description =
          "Feature release of the JDK to measure on, a comparison for each"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> jdks;

  @Option(
      names = "--sides",
      paramLabel = "SIDE[,SIDE...]",
      description = {
        "What to compare, the base first: stock, observe, unify, coroutine; virtual and"
            + " unify-virtual, the same for a program that starts virtual threads; stock-uring"
            + " and stock-file, as unify-virtual with this value of the agent's option stock; or"
            + " all (default: ${DEFAULT-VALUE})."
      })
  private String sides;

  @Option(
      names = "--rounds",
      description = "How often each side runs, in a new JVM (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "For the JVMs of all sides, for example --jvm-option=-Xmx1g; may be repeated.")
  private List<String> jvmOptions = List.of();

  /**
   * The defaults of one comparison.
   *
   * @param sides as on the command line
   * @param jdks feature releases
   */
  Trials(String sides, Integer... jdks) {
    this(5, sides, jdks);
  }

  /** Likewise, of one that need not run as often. */
  Trials(int rounds, String sides, Integer... jdks) {
    this.rounds = rounds;
    this.sides = sides;
    this.jdks = List.of(jdks);
  }

  /** On which releases to run. */
  List<Integer> jdks() {
    return jdks;
  }

  /**
   * Runs all rounds on all releases and prints a comparison for each.
   *
   * @return whether all sides could be measured
   * @throws IOException when {@code /proc} cannot be read
   */
  boolean run(Measurement measurement) throws IOException, InterruptedException {
    boolean good = true;
    for (int jdk : jdks) {
      good &= run(jdk, measurement);
    }
    return good;
  }

  /** As {@link #run(Measurement)}, on one release; false also when no side can run there. */
  boolean run(int jdk, Measurement measurement) throws IOException, InterruptedException {
    List<Variant> chosen = Choice.of(Variant.class, spec, "--sides", sides);
    Path home = Jdks.home(jdk);
    Machine.describe(home, System.out);
    List<Variant> able = able(chosen, jdk);
    int asked = able.size();
    Comparison comparison = new Comparison(able);
    for (int round = 1; round <= rounds; round++) {
      for (Variant side : Setup.inRound(able, round)) {
        Trial trial = new Trial(round, side, java(home, side), comparison);
        try {
          measurement.run(trial);
        } catch (IOException failure) {
          // What the others have measured is not lost.
          System.out.printf("# side %s is left out: %s%n", side, failure.getMessage());
          able.remove(side);
          comparison.remove(side);
        }
      }
    }
    comparison.print(System.out);
    return asked > 0 && able.size() == asked;
  }

  private JavaCommand java(Path home, Variant side) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(side.jvmOptions());
    return new JavaCommand(home, options);
  }

  private static List<Variant> able(List<Variant> chosen, int jdk) throws InterruptedException {
    List<Variant> able = new ArrayList<>();
    for (Variant side : chosen) {
      Optional<String> obstacle = side.obstacle(jdk);
      obstacle.ifPresentOrElse(
          why -> System.out.printf("# side %s is left out: %s%n", side, why), () -> able.add(side));
    }
    return able;
  }
}
