package onequeue.bench;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import onequeue.load.Load;
import onequeue.load.LoadPlan;
import onequeue.sample.pool.PoolServer;
import onequeue.sample.pool.SlowService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a server that spends its time in waiting for another one. */
@Command(
    name = "backend",
    description =
        "A server whose requests each call a slow service: rate, CPU and latency by clients.")
final class BackendBench implements Callable<Integer> {
  private static final double WARMUP_OF_POINT_SECONDS = 0.3;

  @Mixin private final Trials trials = new Trials("stock,virtual,unify,coroutine", 25);

  @Option(
      names = "--clients",
      paramLabel = "N",
      split = ",",
      defaultValue = "5,10,20,30,40,50",
      description =
          "Each asks again as soon as it has its answer; a point of the comparison for each number"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> clients;

  @Option(
      names = "--pool",
      paramLabel = "N",
      defaultValue = "50",
      description =
          "Threads in the server's pool; virtual threads take none (default: ${DEFAULT-VALUE}).")
  private int pool;

  @Option(
      names = "--service",
      paramLabel = "MILLIS",
      defaultValue = "2",
      description = "How long the service sleeps over each answer (default: ${DEFAULT-VALUE}).")
  private long serviceMillis;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long to measure at each point (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description =
          "How long to load a new server before the first point (default: ${DEFAULT-VALUE}).")
  private double warmupSeconds;

  private boolean good = true;

  /**
   * Runs all rounds and prints a line for each point and the comparison.
   *
   * @return 0, or 1 when a side could not run or an answer was not good
   * @throws IOException when the service cannot be started, or {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    // One for all, always stock: what it costs is the same for each side.
    JavaCommand java = new JavaCommand(Jdks.running(), List.of());
    List<String> command = java.of(Side.STOCK, SlowService.class, Long.toString(serviceMillis));
    try (ServerProcess service = ServerProcess.start(command)) {
      good &= trials.run(trial -> measure(trial, service));
    }
    System.out.println("# others_percent has the service in it");
    return good ? 0 : 1;
  }

  private void measure(Trial trial, ServerProcess service)
      throws IOException, InterruptedException {
    List<String> command =
        trial.command(PoolServer.class, "--service=" + service.port(), "--pool=" + pool);
    try (ServerProcess server = ServerProcess.start(command)) {
      try (Load load = new Load(server.port(), plan(Collections.max(clients), warmupSeconds))) {
        load.warmUp();
      }
      for (int number : clients) {
        LoadPlan plan = plan(number, WARMUP_OF_POINT_SECONDS);
        HttpRun run = HttpRun.of(server, plan, Neighbours.none(), false);
        trial.print("clients=" + number + " " + run.line());
        add(trial, number + " clients, ", run);
      }
    }
  }

  private LoadPlan plan(int connections, double warmup) {
    return new LoadPlan(connections, 0, warmup, seconds, List.of("/hello"));
  }

  private void add(Trial trial, String point, HttpRun run) {
    trial.add(point + "requests/s", run.load().requestsPerSecond());
    trial.add(point + "CPU us/req", run.cpuMicrosPerRequest());
    trial.add(point + "p50 us", run.load().latencyMicros(50));
    trial.add(point + "p99 us", run.load().latencyMicros(99));
    good &= run.load().errors() == 0;
  }
}
