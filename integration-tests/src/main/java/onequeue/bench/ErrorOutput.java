package onequeue.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * Passes a child's stderr on to ours and notices when the agent says that it is not attached, runs
 * in another mode or does not know an option.
 *
 * <p>Then what was measured is not what the side's name says.
 */
final class ErrorOutput {
  private static final Pattern REFUSAL =
      Pattern.compile("onequeue: (not attached|unknown|.* running in mode ).*");

  private final Thread reader;

  /** Written by the reader; read by whoever measures. */
  private volatile String refusal;

  ErrorOutput(Process process) {
    reader = new Thread(() -> pass(process), "child-errors");
    reader.setDaemon(true);
    reader.start();
  }

  private void pass(Process process) {
    try (BufferedReader lines = process.errorReader()) {
      lines.lines().forEach(this::pass);
    } catch (IOException | UncheckedIOException ended) {
      // The child was ended in the middle of a line.
    }
  }

  private void pass(String line) {
    System.err.println(line);
    if (REFUSAL.matcher(line).matches()) {
      refusal = line;
    }
  }

  /** For a child that has ended: waits until all it said was read. */
  void join() throws InterruptedException {
    reader.join();
  }

  void requireSide() throws IOException {
    if (refusal != null) {
      throw new IOException("it did not run as it should, its numbers would be false: " + refusal);
    }
  }
}
