package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import onequeue.sample.HelloServer;
import onequeue.sample.server.SampleServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides of a blocking server under load. */
@Command(
    name = "http",
    description = "A blocking server under load: rate, latency, CPU and context switches.")
final class HttpBench implements Callable<Integer> {
  enum Subject {
    HELLO(HelloServer.class, List.of("/hello")),
    SAMPLE(SampleServer.class, List.of("/hello", "/home.shtml", "/style.css"));

    private final Class<?> main;
    private final List<String> paths;

    Subject(Class<?> main, List<String> paths) {
      this.main = main;
      this.paths = paths;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private Setup setup;

  @Option(
      names = "--subject",
      defaultValue = "hello",
      description =
          "hello, one fixed answer, or sample, files and sub-requests"
              + " (default: ${DEFAULT-VALUE}).")
  private Subject subject;

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "Connections of the client (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each side runs, in a new JVM (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "How long to measure in each round (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How long to load before that (default: ${DEFAULT-VALUE}).")
  private double warmupSeconds;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0, or 1 when an answer was not good
   * @throws IOException when a server does not start or cannot be reached
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Machine.describe(setup.jdkHome(), System.out);
    System.out.printf("# http, subject %s, %d connections%n", subject, connections);
    Comparison comparison = new Comparison(setup.sides());
    long errors = 0;
    int disturbed = 0;
    for (int round = 1; round <= rounds; round++) {
      for (Side side : setup.sidesOfRound(round)) {
        HttpRun run = run(side);
        System.out.printf("round=%d side=%s %s%n", round, side, run.line());
        comparison.add("requests/s", side, run.load().requestsPerSecond());
        comparison.add("CPU us/request", side, run.cpuMicrosPerRequest());
        comparison.add("switches/request", side, run.switchesPerRequest());
        comparison.add("p50 us", side, run.load().latencyMicros(50));
        comparison.add("p99 us", side, run.load().latencyMicros(99));
        errors += run.load().errors();
        disturbed += Machine.isDisturbed(run.othersShare()) ? 1 : 0;
      }
    }
    comparison.print(System.out);
    if (disturbed > 0) {
      System.out.printf(
          "# WARNING: in %d of the runs other processes used more than a tenth of the CPU time%n",
          disturbed);
    }
    return errors == 0 ? 0 : 1;
  }

  private HttpRun run(Side side) throws IOException, InterruptedException {
    List<String> command = setup.java().of(side, subject.main);
    try (ServerProcess server = ServerProcess.start(command)) {
      return HttpRun.of(server, connections, warmupSeconds, seconds, subject.paths);
    }
  }
}
