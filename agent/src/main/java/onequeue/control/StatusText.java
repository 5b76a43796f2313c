package onequeue.control;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import onequeue.config.Mode;
import onequeue.nativehelper.Features;
import onequeue.queue.Native;

/**
 * The words of the status page, written once when the agent has started: lines of {@code
 * section<TAB>name<TAB>text}. The numbers beside them are kept by the native helper.
 */
public final class StatusText {
  private StatusText() {}

  /**
   * @param mode what the agent does, which may be less than what the user asked for
   * @param rungs which of several ways is used, and why no better one
   * @param seams {@code number<TAB>name} of each seam, and its state
   * @param startNanos how long the agent took to start
   * @return the words
   */
  public static String write(
      Mode mode,
      Features features,
      Map<String, String> rungs,
      Map<String, String> seams,
      long startNanos) {
    StringBuilder text = new StringBuilder(8192);
    line(text, "agent", "version", version());
    line(text, "agent", "mode", mode.name().toLowerCase(Locale.ROOT));
    line(text, "agent", "jdk", System.getProperty("java.runtime.version", "unknown"));
    line(text, "agent", "start-ms", String.valueOf(startNanos / 1_000_000));
    for (Map.Entry<String, String> feature : features.missing().entrySet()) {
      String why = feature.getValue();
      line(text, "feature", feature.getKey(), why.isEmpty() ? "yes" : "no: " + why);
    }
    line(text, "rung", "timed waits", rung(features));
    for (Map.Entry<String, String> rung : rungs.entrySet()) {
      line(text, "rung", rung.getKey(), rung.getValue());
    }
    for (Map.Entry<String, String> seam : seams.entrySet()) {
      line(text, "seam", seam.getKey(), seam.getValue());
    }
    Native.text(text.toString().getBytes(StandardCharsets.UTF_8));
    return text.toString();
  }

  private static String rung(Features features) {
    return features.has("epoll_pwait2")
        ? "epoll_pwait2"
        : "ppoll and epoll_wait (epoll_pwait2: " + features.reason("epoll_pwait2") + ")";
  }

  private static String version() {
    return Version.TEXT;
  }

  private static void line(StringBuilder text, String section, String name, String value) {
    text.append(section).append('\t').append(name).append('\t').append(value).append('\n');
  }
}
