package onequeue.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What all CPUs of the machine did so far.
 *
 * @param busyNanos in programs and their system calls, and taken away by the host; not in
 *     interrupts, which Linux counts to no program
 * @param totalNanos in all, idle too
 */
record CpuTime(long busyNanos, long totalNanos) {
  private static final int USER = 0;
  private static final int NICE = 1;
  private static final int SYSTEM = 2;
  private static final int STEAL = 7;

  static CpuTime now() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
    // The guests' ticks, behind steal, are in user already.
    long[] ticks =
        Arrays.stream(line.split(" +"))
            .skip(1)
            .limit(STEAL + 1)
            .mapToLong(word -> Long.parseLong(word) * ProcessCounters.NANOS_PER_TICK)
            .toArray();
    long busy = ticks[USER] + ticks[NICE] + ticks[SYSTEM] + ticks[STEAL];
    return new CpuTime(busy, Arrays.stream(ticks).sum());
  }

  CpuTime since(CpuTime earlier) {
    return new CpuTime(busyNanos - earlier.busyNanos, totalNanos - earlier.totalNanos);
  }
}
