package onequeue.load;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the load client. */
@Command(
    name = "load",
    description = "Loads an HTTP server on 127.0.0.1 and prints one line of results.")
public final class LoadClient implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "The server's port on 127.0.0.1.")
  private int port;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "Connections, each with one request under way (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Requests per second; 0 is as fast as the answers come (default: 0).")
  private double rate;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "How long to measure, at most 600 (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "How long to load before measuring, at most 600 (default: ${DEFAULT-VALUE}).")
  private double warmupSeconds;

  @Option(
      names = "--path",
      defaultValue = "/hello",
      description = "What to ask for; repeat it to go round several (default: ${DEFAULT-VALUE}).")
  private List<String> paths;

  private LoadClient() {}

  /**
   * Runs one load and exits: 0 when all answers were good, 1 when some were not.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new LoadClient())
            .setExecutionExceptionHandler(
                (failure, line, parsed) -> {
                  line.getErr().println("load: " + failure.getMessage());
                  return 1;
                })
            .execute(args));
  }

  /**
   * Runs one load.
   *
   * @return the exit code
   * @throws IOException when the server cannot be reached
   */
  @Override
  public Integer call() throws IOException {
    LoadPlan plan = new LoadPlan(connections, rate, warmupSeconds, seconds, paths);
    try (Load load = new Load(port, plan)) {
      load.warmUp();
      LoadResult result = load.measure();
      System.out.println(result.line());
      return result.errors() == 0 ? 0 : 1;
    }
  }
}
