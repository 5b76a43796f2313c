package onequeue.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What the machine is and whether it is quiet enough to measure on. */
public final class Machine {
  private static final long LOOK_MILLIS = 1000;
  private static final double QUIET_SHARE = 0.10;

  private Machine() {}

  /**
   * Prints a line about the machine, and a warning when others use it. Takes a second.
   *
   * @param jdkHome the JDK that will be measured
   * @param out where to print
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when interrupted in that second
   */
  public static void describe(Path jdkHome, PrintStream out)
      throws IOException, InterruptedException {
    String load = Files.readString(Path.of("/proc/loadavg")).strip();
    double busy = busyShare();
    out.printf(
        Locale.ROOT,
        "# JDK %d (%s), %d CPUs, Linux %s, load %s, busy %.0f %%%n",
        Jdks.feature(jdkHome),
        jdkHome,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        load.substring(0, load.indexOf(' ')),
        busy * 100);
    if (busy > QUIET_SHARE) {
      out.println("# WARNING: the machine is not quiet; trust no number of this run");
    }
  }

  /** Share of all CPUs' time that was used in the last second: the load average lags behind. */
  private static double busyShare() throws IOException, InterruptedException {
    long[] before = cpuTicks();
    Thread.sleep(LOOK_MILLIS);
    long[] after = cpuTicks();
    double total = Arrays.stream(after).sum() - Arrays.stream(before).sum();
    int idle = 3;
    int ioWait = 4;
    double unused = after[idle] - before[idle] + after[ioWait] - before[ioWait];
    return total == 0 ? 0 : 1 - unused / total;
  }

  /** The first line of /proc/stat up to steal; the guests' ticks behind it are counted in user. */
  private static long[] cpuTicks() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
    return Arrays.stream(line.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
  }
}
