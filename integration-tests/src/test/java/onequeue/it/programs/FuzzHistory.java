package onequeue.it.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fuzzed program saw, a line a step. Of each block of steps a digest is printed, or compared
 * with what another run has printed; then the lines of the first block that differs are at hand.
 */
final class FuzzHistory {
  /** Steps of which there is one digest. */
  static final int BLOCK = 100;

  private static final long PRIME = 1_099_511_628_211L;

  private final List<String> expected;
  private final int from;
  private final int to;
  private final List<String> before = new ArrayList<>();
  private final List<String> block = new ArrayList<>();
  private long digest;
  private int step;
  private int blocks;

  private FuzzHistory(List<String> expected, int from, int to) {
    this.expected = expected;
    this.from = from;
    this.to = to;
  }

  /** {@code digests}, {@code against FILE} (of digests), or {@code history FROM TO} (steps). */
  static FuzzHistory of(String[] words, int first) throws IOException {
    switch (words[first]) {
      case "digests":
        return new FuzzHistory(null, 0, 0);
      case "against":
        return new FuzzHistory(Files.readAllLines(Path.of(words[first + 1])), 0, 0);
      default:
        return new FuzzHistory(
            null, Integer.parseInt(words[first + 1]), Integer.parseInt(words[first + 2]));
    }
  }

  void step(String line) {
    String numbered = step + " " + line;
    block.add(numbered);
    for (int i = 0; i < line.length(); i++) {
      digest = (digest ^ line.charAt(i)) * PRIME;
    }
    if (step >= from && step < to) {
      System.out.println(numbered);
    }
    step++;
    if (step % BLOCK == 0) {
      endBlock();
    }
  }

  /** The steps of this block and of the one before. */
  void print() {
    before.forEach(System.out::println);
    block.forEach(System.out::println);
  }

  private void endBlock() {
    String word = Long.toHexString(digest);
    if (expected != null && !expected.get(blocks).equals(word)) {
      System.out.println("differs within steps " + (step - BLOCK) + " to " + step);
      print();
      System.exit(1);
    }
    if (expected == null && to == 0) {
      System.out.println(word);
    } else if (step == to) {
      System.exit(0);
    }
    blocks++;
    before.clear();
    before.addAll(block);
    block.clear();
  }
}
