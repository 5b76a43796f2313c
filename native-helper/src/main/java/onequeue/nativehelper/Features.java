package onequeue.nativehelper;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the running kernel allows under the limits of this process.
 *
 * @param missing by name; the value is empty when the feature is there, else the reason why not
 */
public record Features(Map<String, String> missing) {
  /** Whether the feature is there; false for a name the helper does not know. */
  public boolean has(String name) {
    return "".equals(missing.get(name));
  }

  /** Why the feature is missing; empty when it is there. */
  public String reason(String name) {
    return missing.getOrDefault(name, "unknown to the native helper");
  }

  /** Reads the lines of {@code oq_probe}: name, yes or no, reason; parted by tabs. */
  static Features parse(String lines) {
    Map<String, String> missing = new LinkedHashMap<>();
    for (String line : lines.split("\n")) {
      String[] field = line.split("\t", 3);
      missing.put(field[0], field[1].equals("yes") ? "" : field[2]);
    }
    return new Features(missing);
  }
}
