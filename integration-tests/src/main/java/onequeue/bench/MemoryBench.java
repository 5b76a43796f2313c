package onequeue.bench;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import onequeue.load.Load;
import onequeue.load.LoadPlan;
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

  private static final double REQUESTS_PER_SECOND = 10_000;

  @Mixin
  private final Trials trials = new Trials("stock,virtual,unify,unify-virtual,coroutine", 25);

  @Option(
      names = "--connections",
      paramLabel = "N[,N...]",
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
    return trials.run(this::measure) ? 0 : 1;
  }

  private void measure(Trial trial) throws IOException, InterruptedException {
    for (int number : connections) {
      try (ServerProcess server = trial.helloServer()) {
        try (Load first = open(server, FIRST_CONNECTIONS)) {
          askOnce(first, FIRST_CONNECTIONS);
        }
        long before = ProcessCounters.residentBytes(server.pid());
        try (Load idle = open(server, number)) {
          askOnce(idle, number);
          long grown = ProcessCounters.residentBytes(server.pid()) - before;
          long threads = ProcessCounters.threads(server.pid());
          server.requireSide();
          report(trial, number, before, grown, threads);
        }
      }
    }
  }

  private static Load open(ServerProcess server, int connections) throws IOException {
    return new Load(
        server.port(), new LoadPlan(connections, REQUESTS_PER_SECOND, 0, 1, List.of("/hello")));
  }

  /** At a fixed rate, the connection that waited longest is asked next: all of them in turn. */
  private static void askOnce(Load load, int connections) throws IOException {
    load.loadUntil(() -> load.answers() >= connections);
  }

  private static void report(Trial trial, int number, long before, long grown, long threads) {
    double kbEach = grown / 1e3 / number;
    trial.print(
        String.format(
            Locale.ROOT,
            "connections=%d rss_before_mb=%.1f rss_mb=%.1f rss_kb_per_connection=%.2f threads=%d",
            number,
            before / 1e6,
            (before + grown) / 1e6,
            kbEach,
            threads));
    trial.add(number + ": RSS KB/conn", kbEach);
    trial.add(number + ": RSS MB in all", (before + grown) / 1e6);
    trial.add(number + ": threads", threads);
  }
}
