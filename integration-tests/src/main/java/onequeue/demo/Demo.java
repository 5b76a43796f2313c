package onequeue.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import onequeue.bench.Bench;
import onequeue.bench.HttpRun;
import onequeue.bench.JavaCommand;
import onequeue.bench.Jdks;
import onequeue.bench.Machine;
import onequeue.bench.Neighbours;
import onequeue.bench.ServerProcess;
import onequeue.bench.Side;
import onequeue.load.LoadPlan;
import onequeue.sample.server.SampleServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the demonstration.
 *
 * <p>Three servers run one after the other: stock, with the agent, and with the agent and a
 * recording. The recording has a server of its own because it costs something too, which would
 * otherwise be put down to the agent.
 */
@Command(
    name = "demo",
    description = "Loads the sample server without and with the agent and compares.")
public final class Demo implements Callable<Integer> {
  private static final Path RECORDING = Path.of("onequeue-demo.jfr");
  private static final List<String> PATHS = List.of("/hello", "/home.shtml", "/style.css");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--jdk",
      paramLabel = "N",
      description = "Feature release of the JDK to run the servers on (default: the running one).")
  private Integer jdk;

  @Option(
      names = "--connections",
      defaultValue = "32",
      description = "Connections of the client (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "How long to load each server, after a warm-up (default: ${DEFAULT-VALUE}).")
  private double seconds;

  private Path jdkHome;

  /** Of the server with the agent and without a recording, just before it ended. */
  private List<String> status = List.of();

  private Demo() {}

  /**
   * Runs the demonstration and exits: 0 when it is good.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Bench.commandLine(new Demo()).execute(args));
  }

  /**
   * Runs the servers and prints the table.
   *
   * @return 0, or 1 when an answer was not good
   * @throws IOException when a server does not start or cannot be reached
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    jdkHome = jdk == null ? Jdks.running() : Jdks.home(jdk);
    Machine.describe(jdkHome, System.out);
    boolean built = Files.isRegularFile(Side.agentJar());
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("stock JDK", load("stock JDK", Side.STOCK, List.of())));
    if (built) {
      rows.add(new Row("with the agent", load("with the agent", Side.UNIFY, List.of())));
      Files.deleteIfExists(RECORDING);
      rows.add(new Row("... and a recording", load("... and a recording", Side.UNIFY, record())));
    }
    printTable(rows);
    if (built) {
      System.out.println("\nWaits by kind, from java -jar onequeue.jar status:");
      status.forEach(line -> System.out.println("  " + line));
      explainRecording();
    } else {
      System.out.println("\nNo agent at " + Side.agentJar() + ": only the stock JDK was shown.");
    }
    return rows.stream().allMatch(row -> row.run.load().errors() == 0) ? 0 : 1;
  }

  private static List<String> record() {
    return List.of(
        "-XX:StartFlightRecording:filename=" + RECORDING.toAbsolutePath() + ",dumponexit=true");
  }

  private HttpRun load(String name, Side side, List<String> jvmOptions)
      throws IOException, InterruptedException {
    System.out.printf("loading the server: %s%n", name);
    LoadPlan plan = new LoadPlan(connections, 0, seconds / 2, seconds, PATHS);
    List<String> command = new JavaCommand(jdkHome, jvmOptions).of(side, SampleServer.class);
    try (ServerProcess server = ServerProcess.start(command)) {
      HttpRun run = HttpRun.of(server, plan, Neighbours.none(), false);
      if (side != Side.STOCK && jvmOptions.isEmpty()) {
        status = AgentStatus.of(jdkHome, server.pid());
      }
      return run;
    }
  }

  private static void printTable(List<Row> rows) {
    System.out.printf(
        "%n%-20s %10s %10s %10s %14s %17s %7s%n",
        "", "requests/s", "p50 us", "p99 us", "CPU us/request", "switches/request", "errors");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-20s %10.0f %10.0f %10.0f %14.1f %17.2f %7d%n",
          row.name,
          row.run.load().requestsPerSecond(),
          row.run.load().latencyMicros(50),
          row.run.load().latencyMicros(99),
          row.run.cpuMicrosPerRequest(),
          row.run.switchesPerRequest(),
          row.run.load().errors());
    }
    System.out.println("One short run each: see ./bench for numbers to rely on.");
  }

  private static void explainRecording() throws IOException {
    if (!Files.isRegularFile(RECORDING)) {
      System.out.println("\nThe JDK wrote no recording.");
      return;
    }
    System.out.printf("%nEvents of the agent in %s:%n", RECORDING);
    Map<String, Waits> byKind = Waits.in(RECORDING);
    byKind.forEach((kind, waits) -> System.out.println("  " + waits.line(kind)));
    if (byKind.isEmpty()) {
      System.out.println("  none");
    }
    System.out.printf(
        """

        To look at it, open %s in JDK Mission Control (https://jdk.java.net/jmc/):
          jmc -open %s
        and choose Event Browser, category "One Queue". Without it:
          jfr summary %s
        """,
        RECORDING, RECORDING.toAbsolutePath(), RECORDING);
  }

  private record Row(String name, HttpRun run) {}
}
