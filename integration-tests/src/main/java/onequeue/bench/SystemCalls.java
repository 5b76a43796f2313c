package onequeue.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import onequeue.load.Load;

/**
 * Counts the system calls of a server under load with the kernel's trace points, by {@code perf}.
 * Counting slows the server down, so it has a window of its own.
 */
final class SystemCalls {
  private static final Path EVENTS = Path.of("/sys/kernel/tracing/events/syscalls");
  private static final String PREFIX = "sys_enter_";
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_SECONDS = 30;

  /** Those that servers wait, read, write and wake with. */
  private static final List<String> NAMES =
      List.of(
          "read",
          "write",
          "readv",
          "writev",
          "recvfrom",
          "sendto",
          "sendmsg",
          "accept4",
          "poll",
          "ppoll",
          "epoll_wait",
          "epoll_pwait",
          "epoll_pwait2",
          "epoll_ctl",
          "futex");

  private SystemCalls() {}

  /** What keeps them from being counted on this machine, if anything does. */
  static Optional<String> obstacle() {
    if (!Files.isReadable(EVENTS)) {
      return Optional.of("it takes root, and tracefs mounted at /sys/kernel/tracing");
    }
    try {
      int exitCode = new ProcessBuilder("perf", "--version").start().waitFor();
      return exitCode == 0 ? Optional.empty() : Optional.of("perf does not work");
    } catch (IOException missing) {
      return Optional.of("there is no perf");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /**
   * Counts for a second, loading all the time.
   *
   * @param pid the server
   * @param load on it
   * @return calls for each good answer, by name
   * @throws IOException when perf cannot count, for example too many threads at once
   */
  static Map<String, Double> perRequest(long pid, Load load) throws IOException {
    // It counts as long as the command that it starts is running, and that one waits for us.
    Process perf =
        new ProcessBuilder(
                "perf",
                "stat",
                "-x",
                ",",
                "-e",
                events(),
                "-p",
                "" + pid,
                "--",
                "sh",
                "-c",
                "echo counting; read end")
            .start();
    try (BufferedReader out = perf.inputReader()) {
      CompletableFuture<List<String>> result = read(perf.errorReader());
      CompletableFuture<String> started = CompletableFuture.supplyAsync(() -> line(out));
      loadUntil(load, started);
      long before = load.answers();
      if (started.getNow(null) != null) {
        long end = System.nanoTime() + NANOS;
        load.loadUntil(() -> System.nanoTime() >= end);
      }
      long answers = load.answers() - before;
      perf.getOutputStream().close();
      loadUntil(load, result);
      return parse(result.getNow(List.of()), answers);
    } finally {
      perf.destroyForcibly();
    }
  }

  private static String events() {
    return NAMES.stream()
        .filter(name -> Files.exists(EVENTS.resolve(PREFIX + name)))
        .map(name -> "syscalls:" + PREFIX + name)
        .collect(Collectors.joining(","));
  }

  private static CompletableFuture<List<String>> read(BufferedReader lines) {
    return CompletableFuture.supplyAsync(() -> lines.lines().toList());
  }

  private static String line(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void loadUntil(Load load, CompletableFuture<?> done) throws IOException {
    long end = System.nanoTime() + PATIENCE_SECONDS * NANOS;
    load.loadUntil(() -> done.isDone() || System.nanoTime() >= end);
    if (!done.isDone() || done.isCompletedExceptionally()) {
      throw new IOException("perf said nothing within " + PATIENCE_SECONDS + " s");
    }
  }

  /** Lines such as {@code 4711,,syscalls:sys_enter_read,...}. */
  private static Map<String, Double> parse(List<String> lines, long answers) throws IOException {
    Map<String, Double> calls = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split(",");
      if (fields.length > 2 && fields[2].contains(PREFIX) && fields[0].matches("\\d+")) {
        String name = fields[2].substring(fields[2].indexOf(PREFIX) + PREFIX.length());
        calls.put(name, Double.parseDouble(fields[0]) / Math.max(1, answers));
      }
    }
    if (answers == 0 || calls.isEmpty()) {
      throw new IOException("perf did not count: " + String.join(" ", lines));
    }
    return calls;
  }

  /** The total, then each that matters. */
  static String line(Map<String, Double> perRequest) {
    double total = perRequest.values().stream().mapToDouble(Double::doubleValue).sum();
    return String.format(Locale.ROOT, "%.2f", total)
        + perRequest.entrySet().stream()
            .filter(call -> call.getValue() >= 0.005)
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .map(call -> String.format(Locale.ROOT, "%s %.2f", call.getKey(), call.getValue()))
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
