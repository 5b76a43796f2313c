package onequeue.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server in a process of its own, from its line {@code listening on 127.0.0.1:PORT} until it is
 * closed.
 *
 * <p>What it says on stderr goes to this process's stderr. It is ended when this process ends.
 */
public final class ServerProcess implements AutoCloseable {
  private static final String GREETING = "listening on 127.0.0.1:";
  private static final long START_SECONDS = 30;
  private static final long END_SECONDS = 20;

  private final Process process;
  private final ErrorOutput errors;
  private final Thread endWithUs;
  private final int port;
  private boolean asked;

  private ServerProcess(Process process) throws IOException, InterruptedException {
    this.process = process;
    errors = new ErrorOutput(process);
    // An interrupted run must not leave servers behind.
    endWithUs = new Thread(process::destroy, "end-server");
    Runtime.getRuntime().addShutdownHook(endWithUs);
    CompletableFuture<Integer> announced = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, announced), "server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      port = announced.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      process.destroyForcibly();
      throw new IOException("the server did not start: " + failure.getMessage(), failure);
    }
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @param command the words of the command line
   * @return the running server
   * @throws IOException when it does not listen within 30 seconds
   * @throws InterruptedException when interrupted while waiting for that
   */
  public static ServerProcess start(List<String> command) throws IOException, InterruptedException {
    return new ServerProcess(new ProcessBuilder(command).start());
  }

  /** Reads to the end, so that the server never blocks on its output. */
  private static void read(Process process, CompletableFuture<Integer> announced) {
    try (BufferedReader lines = process.inputReader()) {
      lines
          .lines()
          .filter(line -> line.startsWith(GREETING))
          .forEach(line -> announced.complete(Integer.parseInt(line.substring(GREETING.length()))));
      announced.completeExceptionally(new IOException("it ended before it listened"));
    } catch (IOException | UncheckedIOException | NumberFormatException failure) {
      announced.completeExceptionally(failure);
    }
  }

  /**
   * The server's port.
   *
   * @return on 127.0.0.1
   */
  public int port() {
    return port;
  }

  /**
   * The server's process.
   *
   * @return its id
   */
  public long pid() {
    return process.pid();
  }

  /**
   * Checks that the agent, if it was asked for, did not refuse, nor took another mode. Ask some
   * time after the start: what the server says is read by another thread.
   *
   * @throws IOException when it did
   */
  public void requireSide() throws IOException {
    errors.requireSide();
  }

  /**
   * Asks the server to end and waits; after 20 seconds it is killed.
   *
   * @return its exit code
   * @throws InterruptedException when interrupted
   */
  public int end() throws InterruptedException {
    asked = true;
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      System.err.println("the server did not end on SIGTERM within 20 s: killed");
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  /** Ends the server; says so when it had ended already. */
  @Override
  public void close() {
    if (!asked && !process.isAlive()) {
      System.err.println("the server had ended by itself, exit code " + process.exitValue());
    }
    try {
      end();
      Runtime.getRuntime().removeShutdownHook(endWithUs);
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException shuttingDown) {
      // Then the hook is running, which is as good.
    }
  }
}
