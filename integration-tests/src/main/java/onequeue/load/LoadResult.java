package onequeue.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What was seen in the measured window.
 *
 * @param requests answers with status 200
 * @param errors answers with another status, and connections that failed
 * @param seconds the window's real length
 * @param clientNanos CPU time of the loading thread in the window
 * @param latencies of the good answers, in nanoseconds, to the answer's last byte from the
 *     request's write or, at a fixed rate, from the time when it was due
 */
public record LoadResult(
    long requests, long errors, double seconds, long clientNanos, Histogram latencies) {
  /**
   * The rate.
   *
   * @return good answers per second
   */
  public double requestsPerSecond() {
    return requests / seconds;
  }

  /**
   * What the client itself costs; the server has to share the machine with it.
   *
   * @return CPU time of the loading thread in microseconds for each good answer
   */
  public double clientMicrosPerRequest() {
    return clientNanos / 1e3 / Math.max(1, requests);
  }

  /**
   * A percentile of the latencies.
   *
   * @param percentile 0 to 100
   * @return in microseconds; 0 when there was no good answer
   */
  public double latencyMicros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }

  /**
   * All of it in one line for machines, as {@code name=value} pairs.
   *
   * @return the line, without an end
   */
  public String line() {
    return String.format(
        Locale.ROOT,
        "requests=%d errors=%d seconds=%.3f requests_per_s=%.0f p50_us=%.1f p99_us=%.1f"
            + " max_us=%.1f client_us_per_request=%.2f",
        requests,
        errors,
        seconds,
        requestsPerSecond(),
        latencyMicros(50),
        latencyMicros(99),
        latencyMicros(100),
        clientMicrosPerRequest());
  }
}
