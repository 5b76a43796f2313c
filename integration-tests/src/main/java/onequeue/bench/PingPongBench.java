package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
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
  private static final String RESULT = "ns_per_round_trip";

  @Mixin
  private final Trials trials = new Trials("stock,virtual,unify,unify-virtual,coroutine", 25);

  @Option(
      names = "--through",
      paramLabel = "WAY",
      split = ",",
      defaultValue = "park,queue",
      description =
          "How they wake each other: park, by LockSupport, or queue, two LinkedBlockingQueues"
              + " (default: ${DEFAULT-VALUE}).")
  private List<PingPong.Via> ways;

  @Option(
      names = "--round-trips",
      paramLabel = "N",
      defaultValue = "50000",
      description = "In each repetition (default: ${DEFAULT-VALUE}).")
  private int roundTrips;

  @Option(
      names = "--reps",
      defaultValue = "7",
      description =
          "Repetitions in one JVM, of which the median counts (default: ${DEFAULT-VALUE}).")
  private int reps;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    return trials.run(this::measure) ? 0 : 1;
  }

  private void measure(Trial trial) throws IOException, InterruptedException {
    for (PingPong.Via via : ways) {
      String way = via.name().toLowerCase(Locale.ROOT);
      double nanos = medianOfReps(trial, way);
      trial.print(String.format(Locale.ROOT, "through=%s %s=%.0f", way, RESULT, nanos));
      trial.add("through " + way + ", ns", nanos);
    }
  }

  private double medianOfReps(Trial trial, String way) throws IOException, InterruptedException {
    List<String> command =
        trial.command(PingPong.class, "--via=" + way, "--rounds=" + roundTrips, "--reps=" + reps);
    Samples samples = new Samples();
    for (Printed rep : Printed.all(Child.lines(command), RESULT)) {
      samples.add(rep.number(RESULT));
    }
    return samples.median();
  }
}
