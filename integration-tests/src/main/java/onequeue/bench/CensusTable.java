package onequeue.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The threads of all sides by name, as they were in the last round. One thread. */
final class CensusTable {
  private final Map<Variant, Census> sides = new LinkedHashMap<>();

  void add(Variant side, Census census) {
    sides.put(side, census);
  }

  /** What is the same on all sides stands in one line, below. */
  void print(PrintStream out) {
    TreeSet<String> names = new TreeSet<>();
    sides.values().forEach(census -> names.addAll(census.byName().keySet()));
    out.printf("%n%-34s", "threads, by name");
    sides.keySet().forEach(side -> out.printf(" %13s", side));
    out.println();
    for (String name : names) {
      if (!isCommon(name)) {
        out.printf("%-34s", name);
        sides.values().forEach(census -> out.printf(" %13d", census.count(name)));
        out.println();
      }
    }
    out.println(
        names.stream()
            .filter(this::isCommon)
            .map(name -> sides.values().iterator().next().count(name) + " " + name)
            .collect(Collectors.joining(", ", "# everywhere: ", "")));
  }

  private boolean isCommon(String name) {
    return sides.values().stream().map(census -> census.count(name)).distinct().count() == 1;
  }
}
