package onequeue.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import onequeue.sample.Sleepers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides in many threads that sleep at once. */
@Command(
    name = "sleepers",
    description = "Many threads asleep at once: how late they wake, memory, time to start them.")
final class SleepersBench implements Callable<Integer> {
  @Mixin
  private final Trials trials = new Trials("stock,virtual,unify,unify-virtual,coroutine", 25);

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many sleep (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--kernel-threads",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Where each of them is a thread of the kernel, so many are started at most: the machine"
              + " has ids for some ten thousand (default: ${DEFAULT-VALUE}).")
  private int kernelThreads;

  @Option(
      names = "--from",
      paramLabel = "MILLIS",
      defaultValue = "6000",
      description =
          "The shortest sleep, in which all must have started (default: ${DEFAULT-VALUE}).")
  private int fromMillis;

  @Option(
      names = "--window",
      paramLabel = "MILLIS",
      defaultValue = "3000",
      description = "How much longer the longest sleep is, at random (default: ${DEFAULT-VALUE}).")
  private int windowMillis;

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
    Printed result =
        Printed.last(
            Child.lines(
                trial.command(
                    Sleepers.class,
                    "--threads=" + threads,
                    "--kernel-threads=" + kernelThreads,
                    "--from=" + fromMillis,
                    "--window=" + windowMillis,
                    "--seed=" + trial.round())),
            "at_once");
    trial.print(result.line());
    double started = result.number("threads");
    if (result.number("at_once") < started) {
      System.out.println("# WARNING: some woke before all slept; give them time with --from");
    } else if (started < threads) {
      System.out.printf(
          "# side %s: %.0f threads only, each is one of the kernel%n", trial.side(), started);
    }
    trial.add("threads", started);
    trial.add("late p50 us", result.number("p50_us"));
    trial.add("late p99 us", result.number("p99_us"));
    trial.add("late max us", result.number("max_us"));
    trial.add("start us/thread", result.number("start_ms") * 1000 / started);
    trial.add("peak RSS MB", result.number("peak_kib") * 1024 / 1e6);
    trial.add("peak RSS KB/thread", result.number("peak_kib") * 1024 / 1e3 / started);
  }
}
