package onequeue.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used up so far, as Linux counts it.
 *
 * @param cpuNanos user and system time of all its threads, in steps of 10 ms
 * @param contextSwitches voluntary and other, of the threads that are alive: those of threads that
 *     ended in between are lost, so compare at times when the same threads are there
 */
public record ProcessCounters(long cpuNanos, long contextSwitches) {
  /** USER_HZ: fixed at 100 in the kernel's interface on every architecture the agent runs on. */
  static final long NANOS_PER_TICK = 10_000_000;

  /**
   * Reads the counters of a process.
   *
   * @param pid its id
   * @return the counters now
   * @throws IOException when it is not there
   */
  public static ProcessCounters of(long pid) throws IOException {
    Path directory = Path.of("/proc", Long.toString(pid));
    return new ProcessCounters(cpuNanos(directory), contextSwitches(directory));
  }

  private static long cpuNanos(Path directory) throws IOException {
    String stat = Files.readString(directory.resolve("stat"));
    // The second field is the name and may hold blanks and parentheses: count from behind it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    int utime = 14 - 3;
    return (Long.parseLong(fields[utime]) + Long.parseLong(fields[utime + 1])) * NANOS_PER_TICK;
  }

  private static long contextSwitches(Path directory) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory.resolve("task"))) {
      for (Path thread : threads) {
        sum += contextSwitchesOfThread(thread);
      }
    }
    return sum;
  }

  private static long contextSwitchesOfThread(Path thread) {
    try {
      return Files.readAllLines(thread.resolve("status")).stream()
          .filter(line -> line.contains("voluntary_ctxt_switches:"))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }

  /**
   * What was used between two readings.
   *
   * @param earlier the first reading
   * @return this reading less the first
   */
  public ProcessCounters since(ProcessCounters earlier) {
    return new ProcessCounters(
        cpuNanos - earlier.cpuNanos, contextSwitches - earlier.contextSwitches);
  }
}
