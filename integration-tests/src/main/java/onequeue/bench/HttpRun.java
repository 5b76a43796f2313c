package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import onequeue.load.Load;
import onequeue.load.LoadPlan;
import onequeue.load.LoadResult;

/**
 * One measured window of load on one server.
 *
 * @param load what the client saw
 * @param used what the server's process used up in the window; the client is another process
 * @param othersShare share of all CPUs' time in the window that went neither to the server nor to
 *     the client
 */
public record HttpRun(LoadResult load, ProcessCounters used, double othersShare) {
  /**
   * Loads a running server.
   *
   * @param server the server
   * @param connections how many
   * @param warmupSeconds load before the window
   * @param seconds length of the window
   * @param paths what to ask for
   * @return what was seen
   * @throws IOException when the server cannot be reached, or ran without the agent it should have
   */
  public static HttpRun of(
      ServerProcess server,
      int connections,
      double warmupSeconds,
      double seconds,
      List<String> paths)
      throws IOException {
    Edges edges = new Edges(server.pid());
    LoadPlan plan = new LoadPlan(server.port(), connections, warmupSeconds, seconds, paths);
    LoadResult load = Load.run(plan, edges);
    server.requireAttached();
    return new HttpRun(load, edges.end.since(edges.start), edges.othersShare());
  }

  /**
   * CPU time of the server's process.
   *
   * @return microseconds for each good answer
   */
  public double cpuMicrosPerRequest() {
    return used.cpuNanos() / 1e3 / Math.max(1, load.requests());
  }

  /**
   * Context switches of the server's threads.
   *
   * @return for each good answer
   */
  public double switchesPerRequest() {
    return (double) used.contextSwitches() / Math.max(1, load.requests());
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
            " cpu_us_per_request=%.2f switches_per_request=%.2f others_percent=%.0f",
            cpuMicrosPerRequest(),
            switchesPerRequest(),
            othersShare * 100);
  }

  /** Reads all counters at the edges of the window. */
  private static final class Edges implements Load.Window {
    private final long pid;
    private ProcessCounters start;
    private ProcessCounters end;
    private long clientNanos;
    private CpuTime machine;

    private Edges(long pid) {
      this.pid = pid;
    }

    @Override
    public void begins() throws IOException {
      start = ProcessCounters.of(pid);
      clientNanos = ProcessCounters.of(ProcessHandle.current().pid()).cpuNanos();
      machine = CpuTime.now();
    }

    @Override
    public void ends() throws IOException {
      machine = CpuTime.now().since(machine);
      clientNanos = ProcessCounters.of(ProcessHandle.current().pid()).cpuNanos() - clientNanos;
      end = ProcessCounters.of(pid);
    }

    /** Never below zero: the counters go in steps of 10 ms. */
    private double othersShare() {
      long ours = end.since(start).cpuNanos() + clientNanos;
      return (double) Math.max(0, machine.busyNanos() - ours) / Math.max(1, machine.totalNanos());
    }
  }
}
