package onequeue.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import onequeue.sample.Hello;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides in a program that only says hello. */
@Command(
    name = "startup",
    description = "What the agent adds to the start and end of a JVM, in milliseconds.")
final class StartupBench implements Callable<Integer> {
  @Mixin private Setup setup;

  @Option(
      names = "--runs",
      defaultValue = "31",
      description = "How often each side runs (default: ${DEFAULT-VALUE}).")
  private int runs;

  /**
   * Runs the sides in turn and prints the comparison.
   *
   * @return 0
   * @throws IOException when a child fails
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Machine.describe(setup.jdkHome(), System.out);
    List<Side> sides = setup.sidesOfAnyProgram();
    Map<Side, Samples> samples = new LinkedHashMap<>();
    // Run 0 fills the page cache and is not counted.
    for (int run = 0; run <= runs; run++) {
      for (Side side : Setup.inRound(sides, run)) {
        double millis = Child.millis(setup.java().of(side, Hello.class));
        if (run > 0) {
          samples.computeIfAbsent(side, name -> new Samples()).add(millis);
        }
      }
    }
    print(sides, samples);
    return 0;
  }

  private static void print(List<Side> sides, Map<Side, Samples> samples) {
    Side base = sides.get(0);
    System.out.printf("%n%-10s %10s %18s %14s%n", "side", "median ms", "quartiles ms", "adds ms");
    for (Side side : sides) {
      Samples of = samples.get(side);
      System.out.printf(
          Locale.ROOT,
          "%-10s %10.1f %9.1f..%-7.1f %14.1f%n",
          side,
          of.median(),
          of.quantile(0.25),
          of.quantile(0.75),
          of.median() - samples.get(base).median());
    }
  }
}
