package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import onequeue.bench.Jdks;

/**
 * A forked JVM, with the packaged agent or without. What it prints is kept in files under {@code
 * target/agent-process}, for the person who looks into a failure.
 */
final class AgentProcess implements AutoCloseable {
  /** The packaged agent. */
  static final Path JAR =
      Path.of(System.getProperty("onequeue.jar", "../agent/target/onequeue.jar")).toAbsolutePath();

  private static final Path LOGS = Path.of("target", "agent-process").toAbsolutePath();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long PATIENCE_S = 300;

  private final Process process;
  private final Path out;
  private final Path err;
  private final Path jdk;

  private AgentProcess(Process process, Path out, Path err, Path jdk) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.jdk = jdk;
  }

  /** What a program did. */
  record Result(int exitCode, String out, String err) {}

  /** The VM option that attaches the agent. */
  static String agent(String options) {
    return "-javaagent:" + JAR + "=" + options;
  }

  /**
   * @param vmOptions for example {@link #agent}
   * @param program main class of the test classes, and its arguments
   */
  static AgentProcess start(int jdk, List<String> vmOptions, String... program) {
    return start(jdk, List.of(), vmOptions, program);
  }

  /**
   * @param wrapper a command that ends by running the rest of its arguments
   */
  static AgentProcess start(
      int jdk, List<String> wrapper, List<String> vmOptions, String... program) {
    try {
      Path home = Jdks.home(jdk);
      List<String> command = new ArrayList<>(wrapper);
      command.add(home.resolve("bin/java").toString());
      // Of two class paths the VM takes the last: the options may bring another.
      command.addAll(List.of("-cp", Path.of("target", "test-classes").toAbsolutePath().toString()));
      command.addAll(vmOptions);
      command.addAll(Arrays.asList(program));
      Files.createDirectories(LOGS);
      String name = program[0].replaceAll(".*\\.", "") + "-" + COUNT.incrementAndGet();
      Path out = LOGS.resolve(name + ".out");
      Path err = LOGS.resolve(name + ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new AgentProcess(process, out, err, home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the program to its end; its standard input is at its end from the start. */
  static Result run(int jdk, List<String> vmOptions, String... program) {
    try (AgentProcess process = start(jdk, vmOptions, program)) {
      return process.finish();
    }
  }

  long pid() {
    return process.pid();
  }

  /** What the program has printed so far. */
  String printed() {
    return read(out);
  }

  /** Writes to the program's standard input. */
  void give(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the program's standard input and waits for its end. */
  Result finish() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + PATIENCE_S + " s:\n" + threads());
      }
      return new Result(process.exitValue(), read(out), read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails unless the programs did and printed the same. */
  static void assertSame(Result attached, Result stock) {
    assertThat(attached.out()).isEqualTo(stock.out());
    assertThat(attached.err()).isEqualTo(stock.err());
    assertThat(attached.exitCode()).isEqualTo(stock.exitCode());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The VM's list of threads; then, where there are such, that of virtual ones too. */
  private String threads() throws IOException, InterruptedException {
    Path dump = LOGS.resolve("threads-" + process.pid() + ".txt");
    Path all = LOGS.resolve("all-threads-" + process.pid() + ".txt");
    jcmd(dump, "Thread.print");
    jcmd(all.resolveSibling("answer-" + all.getFileName()), "Thread.dump_to_file", all.toString());
    return read(dump) + (Files.exists(all) ? read(all) : "");
  }

  private void jcmd(Path answer, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/jcmd").toString());
    command.add(String.valueOf(process.pid()));
    command.addAll(List.of(words));
    Process jcmd =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    if (!jcmd.waitFor(20, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly(); // a VM that hangs so badly does not answer
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
