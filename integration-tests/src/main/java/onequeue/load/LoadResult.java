package onequeue.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What was seen in the measured window.
 *
 * @param requests answers with status 200
 * @param errors answers with another status, and connections that failed
 * @param seconds the window's real length
 * @param latencies of the good answers, in nanoseconds from the request's write to the answer's
 *     last byte
 */
public record LoadResult(long requests, long errors, double seconds, Histogram latencies) {
  /**
   * The rate.
   *
   * @return good answers per second
   */
  public double requestsPerSecond() {
    return requests / seconds;
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
            + " max_us=%.1f",
        requests,
        errors,
        seconds,
        requestsPerSecond(),
        latencyMicros(50),
        latencyMicros(99),
        latencyMicros(100));
  }
}
