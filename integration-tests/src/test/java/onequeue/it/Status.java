package onequeue.it;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code java -jar onequeue.jar status PID} says. */
record Status(String text) {
  static Status of(long pid) {
    return new Status(Tool.run("status", String.valueOf(pid)));
  }

  /** How often the seam, a pattern for the end of its name, was called. */
  long fired(String seam) {
    Matcher row = Pattern.compile(".*" + seam + " +(\\d+)  installed").matcher(text);
    if (!row.find()) {
      throw new AssertionError("no installed seam " + seam + " in:\n" + text);
    }
    return Long.parseLong(row.group(1));
  }

  /** One of the lines about carriers and descriptors, by its name; -1 when it is not there. */
  long figure(String name) {
    Matcher row = Pattern.compile("(?m)^  " + name + " +(\\d+)").matcher(text);
    return row.find() ? Long.parseLong(row.group(1)) : -1;
  }
}
