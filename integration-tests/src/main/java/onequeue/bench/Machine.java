package onequeue.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the machine is and whether it is quiet enough to measure on. */
public final class Machine {
  private static final long LOOK_MILLIS = 1000;
  private static final double QUIET_SHARE = 0.10;
  private static final int OTHER_DESCRIPTORS = 500;

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
    if (isDisturbed(busy)) {
      out.println("# WARNING: the machine is not quiet; trust no number of this run");
    }
  }

  /**
   * Checks that a server and its client may have that many connections.
   *
   * @param connections how many
   * @throws IOException when the limit of descriptors is too low
   */
  static void requireDescriptors(int connections) throws IOException {
    // The agent may take a quarter of all for its ports; JVM and libraries have some hundreds.
    long needed = OTHER_DESCRIPTORS + connections * 4L / 3;
    long limit = descriptorLimit();
    if (limit < needed) {
      throw new IOException(
          String.format(
              "%d connections take %d descriptors and the limit is %d: raise it with ulimit -n %d",
              connections, needed, limit, needed));
    }
  }

  /** Of this process; the JVM has raised it as far as it may, and its children inherit it. */
  static long descriptorLimit() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split(" {2,}")[1])
        .mapToLong(word -> word.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(word))
        .findFirst()
        .orElseThrow();
  }

  /** Share of all CPUs' time that was used in a second from now: the load average lags behind. */
  private static double busyShare() throws IOException, InterruptedException {
    CpuTime before = CpuTime.now();
    Thread.sleep(LOOK_MILLIS);
    CpuTime used = CpuTime.now().since(before);
    return (double) used.busyNanos() / Math.max(1, used.totalNanos());
  }

  /**
   * Whether others took so much of the machine that a measurement beside them says little.
   *
   * @param share of all CPUs' time
   * @return true for more than a tenth
   */
  static boolean isDisturbed(double share) {
    return share > QUIET_SHARE;
  }
}
