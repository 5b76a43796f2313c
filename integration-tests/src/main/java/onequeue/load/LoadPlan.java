package onequeue.load;

import java.util.List;

/**
 * What to load and for how long.
 *
 * @param connections each has at most one request under way
 * @param rate requests per second, at even distances, whatever the server does; 0 asks on every
 *     connection as soon as it has its answer
 * @param warmupSeconds load before the measured window
 * @param seconds length of the measured window
 * @param paths what to ask for, in turn
 */
public record LoadPlan(
    int connections, double rate, double warmupSeconds, double seconds, List<String> paths) {
  private static final double LONGEST_SECONDS = 600;

  /** Of ephemeral ports, which are as many as 28,000, some are taken. */
  private static final int MOST_CONNECTIONS = 20_000;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public LoadPlan {
    paths = List.copyOf(paths);
    require(
        connections > 0 && connections <= MOST_CONNECTIONS,
        "connections must be 1.." + MOST_CONNECTIONS);
    require(rate >= 0 && rate <= 1e6, "the rate must be 0..1000000 requests/s");
    require(warmupSeconds >= 0 && warmupSeconds <= LONGEST_SECONDS, "warm-up must be 0..600 s");
    require(seconds > 0 && seconds <= LONGEST_SECONDS, "seconds must be above 0 and up to 600");
    require(!paths.isEmpty(), "a path is needed");
    for (String path : paths) {
      require(path.matches("/[!-~]*"), "a path begins with / and has no blanks: " + path);
    }
  }

  /**
   * The same load, another rate.
   *
   * @param requestsPerSecond see {@link #rate}
   * @return the changed plan
   */
  public LoadPlan atRate(double requestsPerSecond) {
    return new LoadPlan(connections, requestsPerSecond, warmupSeconds, seconds, paths);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
