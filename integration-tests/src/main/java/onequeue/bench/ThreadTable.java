package onequeue.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** What threads used per second, by name and side: the medians of the rounds. One thread. */
final class ThreadTable {
  private record Rate(double wakeUps, double cpuMicros) {}

  private final Map<Variant, List<Map<String, Rate>>> rounds = new LinkedHashMap<>();

  void add(Variant side, Map<String, ThreadUse> byName, double seconds) {
    Map<String, Rate> rates = new HashMap<>();
    byName.forEach(
        (name, use) ->
            rates.put(name, new Rate(use.wakeUps() / seconds, use.cpuNanos() / 1e3 / seconds)));
    rounds.computeIfAbsent(side, ignored -> new ArrayList<>()).add(rates);
  }

  /** Threads that never woke on any side are left out. */
  void print(PrintStream out) {
    print(out, "wake-ups/s, by thread", Rate::wakeUps);
    print(out, "CPU us/s, by thread", Rate::cpuMicros);
  }

  private void print(PrintStream out, String title, ToDoubleFunction<Rate> value) {
    out.printf("%n%-22s", title);
    rounds.keySet().forEach(side -> out.printf(" %13s", side));
    out.println();
    for (String name : names()) {
      out.printf("%-22s", name);
      rounds.values().forEach(of -> out.printf(Locale.ROOT, " %13.2f", median(of, name, value)));
      out.println();
    }
  }

  private TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    rounds.values().stream()
        .flatMap(List::stream)
        .flatMap(rates -> rates.entrySet().stream())
        .filter(entry -> entry.getValue().wakeUps() > 0)
        .forEach(entry -> names.add(entry.getKey()));
    return names;
  }

  /** A round without such a thread counts as one in which it did nothing. */
  private static double median(
      List<Map<String, Rate>> rounds, String name, ToDoubleFunction<Rate> value) {
    Samples samples = new Samples();
    for (Map<String, Rate> rates : rounds) {
      samples.add(value.applyAsDouble(rates.getOrDefault(name, new Rate(0, 0))));
    }
    return samples.median();
  }
}
