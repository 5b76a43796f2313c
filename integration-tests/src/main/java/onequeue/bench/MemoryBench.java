package onequeue.bench;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares what an idle connection costs. */
@Command(
    name = "memory",
    description = "Idle keep-alive connections of a server: resident memory, threads.")
final class MemoryBench implements Callable<Integer> {
  /**
   * Before memory is first looked at: what the first connections load and compile is not theirs.
   */
  private static final int FIRST_CONNECTIONS = 50;

  @Mixin
  private final Trials trials = new Trials("stock,virtual,unify,unify-virtual,coroutine", 25);

  @Option(
      names = "--connections",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,8000",
      description = "How many, each of which has asked once (default: ${DEFAULT-VALUE}).")
  private List<Integer> connections;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when there are too few descriptors, or {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Machine.requireDescriptors(Collections.max(connections));
    System.out.printf(
        "# the limit is %d descriptors; of them the agent takes a quarter for its ports, and threads"
            + " beyond that wait as stock%n",
        Machine.descriptorLimit());
    return trials.run(this::measure) ? 0 : 1;
  }

  private void measure(Trial trial) throws IOException, InterruptedException {
    for (int number : connections) {
      try (ServerProcess server = trial.helloServer()) {
        new IdleConnections(server.port(), FIRST_CONNECTIONS).close();
        long before = ProcessCounters.residentBytes(server.pid());
        try (IdleConnections idle = new IdleConnections(server.port(), number)) {
          long grown = ProcessCounters.residentBytes(server.pid()) - before;
          server.requireSide();
          report(trial, server.pid(), idle.number(), before, grown);
        }
      }
    }
  }

  private static void report(Trial trial, long pid, int number, long before, long grown)
      throws IOException {
    double kbEach = grown / 1e3 / number;
    double mbInAll = (before + grown) / 1e6;
    long threads = ProcessCounters.threads(pid);
    long descriptors = ProcessCounters.descriptors(pid);
    trial.print(
        String.format(
            Locale.ROOT,
            "connections=%d rss_before_mb=%.1f rss_mb=%.1f rss_kb_per_connection=%.2f threads=%d"
                + " descriptors=%d",
            number,
            before / 1e6,
            mbInAll,
            kbEach,
            threads,
            descriptors));
    trial.add(number + ": RSS KB/conn", kbEach);
    trial.add(number + ": RSS MB in all", mbInAll);
    trial.add(number + ": threads", threads);
    trial.add(number + ": descriptors", descriptors);
  }
}
