package onequeue.load;

import java.util.List;

/**
 * What to load and for how long.
 *
 * @param port of the server on 127.0.0.1
 * @param connections each has one request under way
 * @param warmupSeconds load before the measured window
 * @param seconds length of the measured window
 * @param paths each connection goes round them, every one from another start
 */
public record LoadPlan(
    int port, int connections, double warmupSeconds, double seconds, List<String> paths) {
  private static final double LONGEST_SECONDS = 600;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public LoadPlan {
    paths = List.copyOf(paths);
    require(port > 0 && port < 65536, "port must be in 1..65535");
    require(connections > 0, "connections must be at least 1");
    require(warmupSeconds >= 0 && warmupSeconds <= LONGEST_SECONDS, "warm-up must be 0..600 s");
    require(seconds > 0 && seconds <= LONGEST_SECONDS, "seconds must be above 0 and up to 600");
    require(!paths.isEmpty(), "a path is needed");
    for (String path : paths) {
      require(path.matches("/[!-~]*"), "a path begins with / and has no blanks: " + path);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
