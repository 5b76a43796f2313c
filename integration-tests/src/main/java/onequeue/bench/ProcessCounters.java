package onequeue.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a process has used up so far, as Linux counts it. */
final class ProcessCounters {
  /** USER_HZ: fixed at 100 in the kernel's interface on every architecture the agent runs on. */
  static final long NANOS_PER_TICK = 10_000_000;

  private ProcessCounters() {}

  /** User and system time of all its threads, in steps of 10 ms. */
  static long cpuNanos(long pid) throws IOException {
    String stat = Files.readString(directory(pid).resolve("stat"));
    // The second field is the name and may hold blanks and parentheses: count from behind it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    int utime = 14 - 3;
    return (Long.parseLong(fields[utime]) + Long.parseLong(fields[utime + 1])) * NANOS_PER_TICK;
  }

  /**
   * Context switches, voluntary and other, of the threads that are alive: those of threads that
   * ended in between are lost, so compare at times when the same threads are there. Reads a file
   * per thread.
   */
  static long contextSwitches(long pid) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory(pid).resolve("task"))) {
      for (Path thread : threads) {
        sum += contextSwitchesOfThread(thread);
      }
    }
    return sum;
  }

  private static long contextSwitchesOfThread(Path thread) {
    try {
      return sum(thread.resolve("status"), "voluntary_ctxt_switches:");
    } catch (IOException ended) {
      return 0;
    }
  }

  /** How many threads it has. */
  static long threads(long pid) throws IOException {
    return sum(directory(pid).resolve("status"), "Threads:");
  }

  /** The most memory that was resident at any time since it started, in bytes. */
  static long peakResidentBytes(long pid) throws IOException {
    return 1024 * sum(directory(pid).resolve("status"), "VmHWM:");
  }

  /** The memory that is resident now, in bytes. */
  static long residentBytes(long pid) throws IOException {
    return 1024 * sum(directory(pid).resolve("status"), "VmRSS:");
  }

  /** How many descriptors it has open. */
  static long descriptors(long pid) throws IOException {
    try (Stream<Path> open = Files.list(directory(pid).resolve("fd"))) {
      return open.count();
    }
  }

  /** Of the numbers behind a label; it is also found at the end of a longer one. */
  private static long sum(Path status, String label) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.contains(label))
        .map(line -> line.substring(line.indexOf(':') + 1).strip().split(" ")[0])
        .mapToLong(Long::parseLong)
        .sum();
  }

  private static Path directory(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }
}
