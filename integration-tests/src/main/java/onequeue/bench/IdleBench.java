package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import onequeue.load.Load;
import onequeue.load.LoadPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares what a server does that nobody asks anything. */
@Command(
    name = "idle",
    description = "A server left alone: who wakes up how often, and the CPU time of it.")
final class IdleBench implements Callable<Integer> {
  @Mixin private final Trials trials = new Trials("stock,virtual,unify,coroutine", 17, 25);

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "Of the load before, closed when it ends (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--load",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "How long to load it first (default: ${DEFAULT-VALUE}).")
  private double loadSeconds;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description =
          "How long to leave it alone before that is measured: connections end, code is still"
              + " compiled (default: ${DEFAULT-VALUE}).")
  private double settleSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double seconds;

  /**
   * Runs all rounds and prints a line for each, the comparison, and the threads by name.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean good = true;
    for (int jdk : trials.jdks()) {
      ThreadTable table = new ThreadTable();
      good &= trials.run(jdk, trial -> measure(trial, table));
      table.print(System.out);
    }
    return good ? 0 : 1;
  }

  private void measure(Trial trial, ThreadTable table) throws IOException, InterruptedException {
    try (ServerProcess server = trial.helloServer()) {
      try (Load load = new Load(server.port(), plan())) {
        load.warmUp();
      }
      sleep(settleSeconds);
      Map<String, ThreadUse> before = ThreadUse.of(server.pid());
      long start = System.nanoTime();
      sleep(seconds);
      Map<String, ThreadUse> after = ThreadUse.of(server.pid());
      double measured = (System.nanoTime() - start) / 1e9;
      server.requireSide();
      report(trial, table, byName(before, after), measured);
    }
  }

  private LoadPlan plan() {
    return new LoadPlan(connections, 0, loadSeconds, 1, List.of("/hello"));
  }

  private static void sleep(double seconds) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
  }

  /** What the threads of the later reading have used in between; those that ended are lost. */
  private static Map<String, ThreadUse> byName(
      Map<String, ThreadUse> before, Map<String, ThreadUse> after) {
    Map<String, ThreadUse> byName = new TreeMap<>();
    after.forEach(
        (id, use) -> byName.merge(use.name(), use.since(before.get(id)), ThreadUse::plus));
    return byName;
  }

  private static void report(
      Trial trial, ThreadTable table, Map<String, ThreadUse> byName, double measured) {
    double wakeUps = byName.values().stream().mapToLong(ThreadUse::wakeUps).sum() / measured;
    double cpuMicros =
        byName.values().stream().mapToLong(ThreadUse::cpuNanos).sum() / 1e3 / measured;
    trial.print(
        String.format(Locale.ROOT, "wake_ups_per_s=%.1f cpu_us_per_s=%.1f", wakeUps, cpuMicros));
    trial.add("wake-ups/s", wakeUps);
    trial.add("CPU us/s", cpuMicros);
    table.add(trial.side(), byName, measured);
  }
}
