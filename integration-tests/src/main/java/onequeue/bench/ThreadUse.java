package onequeue.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What one thread of a process has used up so far.
 *
 * @param name as Linux knows it, which is its first 15 bytes, with N for a number that counts
 *     threads
 * @param wakeUps voluntary context switches: how often it went to wait
 * @param cpuNanos on a CPU
 */
record ThreadUse(String name, long wakeUps, long cpuNanos) {
  private static final String VOLUNTARY = "voluntary_ctxt_switches:";

  /** Of all threads of a process that are alive, by thread id. */
  static Map<String, ThreadUse> of(long pid) throws IOException {
    Map<String, ThreadUse> found = new HashMap<>();
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          found.put(thread.getFileName().toString(), read(thread));
        } catch (IOException gone) {
          // It ended just now. That a kernel keeps no schedstat is seen of the main thread, below.
        }
      }
    }
    if (!found.containsKey(Long.toString(pid))) {
      throw new IOException("cannot read what the threads of process " + pid + " used");
    }
    return found;
  }

  private static ThreadUse read(Path thread) throws IOException {
    String name = Files.readString(thread.resolve("comm")).strip();
    // Of threads in a row; the one in C2 is part of a word.
    name = name.replaceAll("(?<![A-Za-z])\\d+", "N");
    long wakeUps =
        Files.readAllLines(thread.resolve("status")).stream()
            .filter(line -> line.startsWith(VOLUNTARY))
            .mapToLong(line -> Long.parseLong(line.substring(VOLUNTARY.length()).strip()))
            .sum();
    // In nanoseconds, where stat has steps of 10 ms.
    String cpuNanos = Files.readString(thread.resolve("schedstat")).split(" ")[0];
    return new ThreadUse(name, wakeUps, Long.parseLong(cpuNanos));
  }

  /** What was used since an earlier reading; all of it if that is null. */
  ThreadUse since(ThreadUse earlier) {
    return earlier == null
        ? this
        : new ThreadUse(name, wakeUps - earlier.wakeUps, cpuNanos - earlier.cpuNanos);
  }

  /** Both together, under this one's name. */
  ThreadUse plus(ThreadUse other) {
    return new ThreadUse(name, wakeUps + other.wakeUps, cpuNanos + other.cpuNanos);
  }
}
