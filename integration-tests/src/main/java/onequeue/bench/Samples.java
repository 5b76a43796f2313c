package onequeue.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Values of one measure on one side, in the order of the rounds. One thread. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    return quantile(0.5);
  }

  /** The value below which the given share lies, interpolated between neighbours. */
  double quantile(double share) {
    List<Double> sorted = values.stream().sorted().toList();
    double position = share * (sorted.size() - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
  }

  /** Each round's value divided by the other side's value of the same round. */
  Samples ratiosTo(Samples base) {
    Samples ratios = new Samples();
    IntStream.range(0, Math.min(values.size(), base.values.size()))
        .forEach(round -> ratios.add(values.get(round) / base.values.get(round)));
    return ratios;
  }
}
