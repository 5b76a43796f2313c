package onequeue.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import onequeue.load.Load;
import onequeue.load.LoadPlan;
import onequeue.load.LoadResult;

/**
 * One measured window of load on one server.
 *
 * @param load what the client saw
 * @param cpuNanos CPU time of the server's process in the window; the client is another process
 * @param switchesPerRequest context switches of the server's threads for each good answer
 * @param peakBytes the most memory that the server had resident, from its start to the window's end
 * @param othersShare share of all CPUs' time in the window that went neither to the server nor to
 *     the client nor to the neighbours we started
 * @param systemCalls for each good answer, by name, counted after the window; empty if not asked
 *     for or not possible
 */
public record HttpRun(
    LoadResult load,
    long cpuNanos,
    double switchesPerRequest,
    long peakBytes,
    double othersShare,
    Map<String, Double> systemCalls) {
  /**
   * Loads a running server.
   *
   * @param server the server
   * @param plan the load
   * @param neighbours what else we keep the machine busy with
   * @param countCalls whether to count the system calls too
   * @return what was seen
   * @throws IOException when the server cannot be reached, or did not run as its side should
   */
  public static HttpRun of(
      ServerProcess server, LoadPlan plan, Neighbours neighbours, boolean countCalls)
      throws IOException {
    long pid = server.pid();
    long self = ProcessHandle.current().pid();
    try (Load load = new Load(server.port(), plan)) {
      load.warmUp();
      // The switches are read thread by thread, under load: for some thousands it takes a while.
      long answersBefore = load.answers();
      long switchesBefore = contextSwitches(pid, load);
      long ownBefore = ProcessCounters.cpuNanos(self) + neighbours.cpuNanos();
      CpuTime machineBefore = CpuTime.now();
      long cpuBefore = ProcessCounters.cpuNanos(pid);
      LoadResult result = load.measure();
      long cpuNanos = ProcessCounters.cpuNanos(pid) - cpuBefore;
      CpuTime machine = CpuTime.now().since(machineBefore);
      long own = ProcessCounters.cpuNanos(self) + neighbours.cpuNanos() - ownBefore;
      long answers = load.answers() - answersBefore;
      long switches = contextSwitches(pid, load) - switchesBefore;
      // Never below zero: the counters go in steps of 10 ms.
      long others = Math.max(0, machine.busyNanos() - own - cpuNanos);
      server.requireSide();
      return new HttpRun(
          result,
          cpuNanos,
          (double) switches / Math.max(1, answers),
          ProcessCounters.peakResidentBytes(pid),
          (double) others / Math.max(1, machine.totalNanos()),
          countCalls ? systemCalls(pid, load) : Map.of());
    }
  }

  /** What was measured before stays good when they cannot be counted. */
  private static Map<String, Double> systemCalls(long pid, Load load) {
    try {
      return SystemCalls.perRequest(pid, load);
    } catch (IOException failure) {
      System.out.println("# system calls are not counted: " + failure.getMessage());
      return Map.of();
    }
  }

  private static long contextSwitches(long pid, Load load) throws IOException {
    CompletableFuture<Long> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return ProcessCounters.contextSwitches(pid);
              } catch (IOException gone) {
                throw new UncheckedIOException(gone);
              }
            });
    load.loadUntil(reading::isDone);
    if (reading.isCompletedExceptionally()) {
      throw new IOException("the server is gone");
    }
    return reading.join();
  }

  /**
   * CPU time of the server's process.
   *
   * @return microseconds for each good answer
   */
  public double cpuMicrosPerRequest() {
    return cpuNanos / 1e3 / Math.max(1, load.requests());
  }

  /**
   * The server's peak of resident memory.
   *
   * @return in MB
   */
  double peakMegabytes() {
    return peakBytes / 1e6;
  }

  /**
   * All of it in one line for machines, as {@code name=value} pairs.
   *
   * @return the line, without an end
   */
  public String line() {
    return load.line()
        + String.format(
            Locale.ROOT,
            " cpu_us_per_request=%.2f switches_per_request=%.2f peak_mb=%.0f others_percent=%.0f",
            cpuMicrosPerRequest(),
            switchesPerRequest,
            peakMegabytes(),
            othersShare * 100);
  }
}
