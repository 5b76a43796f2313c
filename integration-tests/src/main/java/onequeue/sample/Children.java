package onequeue.sample;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts children and waits for their end: one by one, then many at once.
 *
 * <p>Prints one line: the time for a child either way, the CPU time of this process for one, and
 * how many threads this process had more when all of them were there.
 */
@Command(name = "children", description = "Times children that are started and waited for.")
public final class Children implements Callable<Integer> {
  private static final int WARM_UP = 50;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--count",
      defaultValue = "500",
      description = "How many one by one (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many at once (default: ${DEFAULT-VALUE}).")
  private int atOnce;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description =
          "What the thread is that starts them: platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  private Children() {}

  /**
   * Runs once and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Children()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /**
   * Runs in a thread of that kind and prints the line.
   *
   * @return 0
   * @throws Exception when a child cannot be started, or {@code /proc} not be read
   */
  @Override
  public Integer call() throws Exception {
    FutureTask<String> line = new FutureTask<>(this::measure);
    kind.factory().newThread(line).start();
    System.out.println(line.get());
    return 0;
  }

  private String measure() throws IOException, InterruptedException {
    oneByOne(WARM_UP);
    double cpuBefore = cpuMicros();
    long start = System.nanoTime();
    oneByOne(count);
    double oneMicros = (System.nanoTime() - start) / 1e3 / count;
    double cpuMicros = (cpuMicros() - cpuBefore) / count;
    long threadsBefore = threads();
    start = System.nanoTime();
    List<Process> children = new ArrayList<>(atOnce);
    for (int i = 0; i < atOnce; i++) {
      children.add(start("cat"));
    }
    long threads = threads() - threadsBefore;
    for (Process child : children) {
      child.getOutputStream().close();
    }
    for (Process child : children) {
      child.waitFor();
    }
    double atOnceMicros = (System.nanoTime() - start) / 1e3 / atOnce;
    return String.format(
        Locale.ROOT,
        "one_us=%.1f at_once_us=%.1f cpu_us=%.1f threads=%d",
        oneMicros,
        atOnceMicros,
        cpuMicros,
        threads);
  }

  private static void oneByOne(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      start("true").waitFor();
    }
  }

  private static Process start(String command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /** Of all threads of this process, children left out. */
  private static double cpuMicros() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
  }

  private static long threads() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Threads:")) {
        return Long.parseLong(line.substring("Threads:".length()).strip());
      }
    }
    throw new IOException("no threads in /proc/self/status");
  }
}
