package onequeue.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import onequeue.sample.HelloServer;
import onequeue.sample.ThreadKind;

/**
 * One side in one round.
 *
 * @param round from 1
 * @param side what to measure
 * @param java how to start its JVM
 * @param comparison takes what was measured
 */
record Trial(int round, Variant side, JavaCommand java, Comparison comparison) {
  /** How to start a program that takes the kind of its threads as the option {@code --kind}. */
  List<String> command(Class<?> main, String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--kind=" + side.kind().name().toLowerCase(Locale.ROOT));
    return java.of(side.side(), main, words.toArray(String[]::new));
  }

  /** Starts the hello server. */
  ServerProcess helloServer() throws IOException, InterruptedException {
    String[] arguments =
        side.kind() == ThreadKind.VIRTUAL ? new String[] {"0", "virtual"} : new String[0];
    return ServerProcess.start(java.of(side.side(), HelloServer.class, arguments));
  }

  void add(String measure, double value) {
    comparison.add(measure, side, value);
  }

  /** Prints a line of {@code name=value} pairs, for machines. */
  void print(String pairs) {
    System.out.printf("round=%d side=%s %s%n", round, side, pairs);
  }
}
