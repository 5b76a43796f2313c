package onequeue.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A busy process on each CPU, as on a machine that others use too.
 *
 * <p>Each has a limit of CPU time, so that it ends even when nobody is left to end it.
 */
public final class Neighbours implements AutoCloseable {
  private static final String ALLOWED = "Cpus_allowed_list:";

  private final List<Process> processes = new ArrayList<>();

  private Neighbours() {}

  /**
   * A machine to oneself.
   *
   * @return no processes
   */
  public static Neighbours none() {
    return new Neighbours();
  }

  /**
   * Starts one on each CPU that this process may use.
   *
   * @param niceness from 0, as important as the server, to 19, the least important
   * @param mostSeconds each ends after that much CPU time
   * @throws IOException when one cannot be started
   */
  static Neighbours start(int niceness, long mostSeconds) throws IOException {
    Neighbours neighbours = new Neighbours();
    String busy = "ulimit -t " + mostSeconds + "; while :; do :; done";
    try {
      for (int cpu : cpus()) {
        // Each of these words becomes the next one: it stays one process, the one that is ended.
        neighbours.processes.add(
            new ProcessBuilder(
                    "nice", "-n", "" + niceness, "taskset", "-c", "" + cpu, "sh", "-c", busy)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      }
      return neighbours;
    } catch (IOException failure) {
      neighbours.close();
      throw failure;
    }
  }

  /** A list such as 0-3,8. */
  private static int[] cpus() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(text -> text.startsWith(ALLOWED))
            .findFirst()
            .orElseThrow();
    return List.of(line.substring(ALLOWED.length()).strip().split(",")).stream()
        .map(range -> range.split("-"))
        .flatMapToInt(
            ends ->
                IntStream.rangeClosed(
                    Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])))
        .toArray();
  }

  /** CPU time of all of them so far. */
  long cpuNanos() throws IOException {
    long sum = 0;
    for (Process process : processes) {
      if (!process.isAlive()) {
        throw new IOException("a neighbour has ended, exit code " + process.exitValue());
      }
      sum += ProcessCounters.cpuNanos(process.pid());
    }
    return sum;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
