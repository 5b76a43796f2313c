package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import onequeue.sample.PingPong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides in a hand-over between two threads. */
@Command(
    name = "pingpong",
    description = "Two threads wake each other in turn: nanoseconds of a round trip.")
final class PingPongBench implements Callable<Integer> {
  private static final String RESULT = "ns_per_round_trip=";

  @Mixin private Setup setup;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each side runs, in a new JVM (default: ${DEFAULT-VALUE}).")
  private int rounds;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0
   * @throws IOException when a child fails
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Machine.describe(setup.jdkHome(), System.out);
    List<Side> sides = setup.sidesOfAnyProgram();
    Comparison comparison = new Comparison(sides);
    for (String via : List.of("park", "queue")) {
      for (int round = 1; round <= rounds; round++) {
        for (Side side : Setup.inRound(sides, round)) {
          double nanos = medianOfReps(side, via);
          System.out.printf("round=%d side=%s via=%s %s%.0f%n", round, side, via, RESULT, nanos);
          comparison.add("via " + via + ", ns", side, nanos);
        }
      }
    }
    comparison.print(System.out);
    return 0;
  }

  private double medianOfReps(Side side, String via) throws IOException, InterruptedException {
    Samples reps = new Samples();
    for (String line : Child.lines(setup.java().of(side, PingPong.class, "--via", via))) {
      int result = line.indexOf(RESULT);
      if (result >= 0) {
        reps.add(Double.parseDouble(line.substring(result + RESULT.length())));
      }
    }
    if (reps.isEmpty()) {
      throw new IOException("the ping-pong printed no result");
    }
    return reps.median();
  }
}
