package onequeue.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The agent's events of one type in a recording.
 *
 * @param count how many
 * @param total their durations together; zero for events without a duration
 */
record Waits(long count, Duration total) {
  private static final String PREFIX = "onequeue.";

  /** Counts a recording's events by type; names without the common prefix, in their order. */
  static Map<String, Waits> in(Path recording) throws IOException {
    Map<String, Waits> byKind = new TreeMap<>();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        String name = event.getEventType().getName();
        if (name.startsWith(PREFIX)) {
          byKind.merge(
              name.substring(PREFIX.length()), new Waits(1, event.getDuration()), Waits::plus);
        }
      }
    }
    return byKind;
  }

  private Waits plus(Waits other) {
    return new Waits(count + other.count, total.plus(other.total));
  }

  String line(String kind) {
    return String.format(Locale.ROOT, "%-18s %9d  %10.1f s", kind, count, total.toMillis() / 1e3);
  }
}
