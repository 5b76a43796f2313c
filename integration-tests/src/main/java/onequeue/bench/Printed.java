package onequeue.bench;

import java.io.IOException;
import java.util.List;

/**
 * A line of {@code name=value} pairs that a program has printed.
 *
 * @param line as it was printed
 */
record Printed(String line) {
  /** The last of the lines that have a pair of that name. */
  static Printed last(List<String> lines, String name) throws IOException {
    return all(lines, name).stream().reduce((earlier, later) -> later).orElseThrow();
  }

  /** The lines that have a pair of that name; at least one. */
  static List<Printed> all(List<String> lines, String name) throws IOException {
    List<Printed> found =
        lines.stream()
            .filter(line -> (" " + line).contains(" " + name + "="))
            .map(Printed::new)
            .toList();
    if (found.isEmpty()) {
      throw new IOException("the program printed no " + name);
    }
    return found;
  }

  /** The value of a pair. */
  double number(String name) throws IOException {
    for (String pair : line.split(" ")) {
      if (pair.startsWith(name + "=")) {
        return Double.parseDouble(pair.substring(name.length() + 1));
      }
    }
    throw new IOException("no " + name + " in: " + line);
  }
}
