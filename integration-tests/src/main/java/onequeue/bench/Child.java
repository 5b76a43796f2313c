package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is started, runs to its end and is read or timed. */
final class Child {
  private Child() {}

  /** Its standard output, line by line; what it says on stderr goes to ours. */
  static List<String> lines(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).start();
    ErrorOutput errors = new ErrorOutput(process);
    try {
      List<String> lines = process.inputReader().lines().toList();
      require(process.waitFor(), command);
      errors.join();
      errors.requireSide();
      return lines;
    } finally {
      process.destroy();
    }
  }

  /** Milliseconds from its start to its end; its output is thrown away. */
  static double millis(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    ErrorOutput errors = new ErrorOutput(process);
    try {
      int exitCode = process.waitFor();
      double millis = (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
      require(exitCode, command);
      errors.join();
      errors.requireSide();
      return millis;
    } finally {
      process.destroy();
    }
  }

  private static void require(int exitCode, List<String> command) throws IOException {
    if (exitCode != 0) {
      throw new IOException("exit code " + exitCode + " of " + String.join(" ", command));
    }
  }
}
