package onequeue.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Collects the measures of all sides and prints them against the first side. One thread. A side is
 * whatever is compared; its name is what it says of itself.
 *
 * <p>The ratio is that of the medians; the spread behind it is that of the ratios of single rounds,
 * from the lowest to the highest.
 */
final class Comparison {
  private final Set<Object> sides;
  private final Map<String, Map<Object, Samples>> measures = new LinkedHashMap<>();

  Comparison(List<?> sides) {
    this.sides = new LinkedHashSet<>(sides);
  }

  void add(String measure, Object side, double value) {
    measures
        .computeIfAbsent(measure, name -> new LinkedHashMap<>())
        .computeIfAbsent(side, name -> new Samples())
        .add(value);
  }

  /** Leaves a side out, whatever it has measured so far. */
  void remove(Object side) {
    sides.remove(side);
  }

  void print(PrintStream out) {
    if (sides.isEmpty()) {
      return;
    }
    Object base = sides.iterator().next();
    out.printf("%n%-22s %-14s %12s   ratio to %s (spread)%n", "measure", "side", "median", base);
    measures.forEach(
        (measure, bySide) -> {
          for (Object side : sides) {
            out.println(line(measure, side, bySide.get(side), bySide.get(base)));
          }
        });
  }

  private static String line(String measure, Object side, Samples samples, Samples base) {
    String line = String.format(Locale.ROOT, "%-22s %-14s %12.2f", measure, side, samples.median());
    if (samples == base) {
      return line;
    }
    Samples ratios = samples.ratiosTo(base);
    return line
        + String.format(
            Locale.ROOT,
            "   %.2f (%.2f..%.2f)",
            samples.median() / base.median(),
            ratios.quantile(0),
            ratios.quantile(1));
  }
}
