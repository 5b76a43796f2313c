package onequeue.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import onequeue.load.Load;

/**
 * Counts the system calls of a server under load with the kernel's trace points, by {@code perf}.
 * Counting slows the server down, so it has a window of its own.
 */
final class SystemCalls {
  private static final Path EVENTS = Path.of("/sys/kernel/tracing/events/syscalls");
  private static final String PREFIX = "sys_enter_";
  private static final String INTERVAL_MILLIS = "500";
  private static final long PATIENCE_SECONDS = 30;
  private static final int OWN_DESCRIPTORS = 500;

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
  static Optional<String> obstacle() throws InterruptedException {
    if (!Files.isReadable(EVENTS)) {
      return Optional.of("it takes root, and tracefs mounted at /sys/kernel/tracing");
    }
    try {
      int exitCode = new ProcessBuilder("perf", "--version").start().waitFor();
      return exitCode == 0 ? Optional.empty() : Optional.of("perf does not work");
    } catch (IOException missing) {
      return Optional.of("there is no perf");
    }
  }

  /**
   * Counts for half a second or, when there are many threads, some calls in one and some in the
   * next, loading all the time.
   *
   * @param pid the server
   * @param load on it
   * @return calls for each good answer, by name
   * @throws IOException when perf cannot count
   */
  static Map<String, Double> perRequest(long pid, Load load) throws IOException {
    // Each costs perf a descriptor per thread.
    long threads = ProcessCounters.threads(pid);
    int atOnce = (int) Math.max(1, (Machine.descriptorLimit() - OWN_DESCRIPTORS) / threads);
    List<String> events = events();
    Map<String, Double> calls = new TreeMap<>();
    for (int from = 0; from < events.size(); from += atOnce) {
      int to = Math.min(events.size(), from + atOnce);
      calls.putAll(perRequest(pid, load, events.subList(from, to)));
    }
    return calls;
  }

  private static List<String> events() {
    return NAMES.stream()
        .filter(name -> Files.exists(EVENTS.resolve(PREFIX + name)))
        .map(name -> "syscalls:" + PREFIX + name)
        .toList();
  }

  /**
   * The counters of thousands of threads are switched on and read one after the other. So the first
   * interval is not used: in the second, each counter runs from one reading to the next.
   */
  private static Map<String, Double> perRequest(long pid, Load load, List<String> events)
      throws IOException {
    String names = String.join(",", events);
    Process perf =
        new ProcessBuilder(
                "perf", "stat", "-x", ",", "-I", INTERVAL_MILLIS, "-e", names, "-p", "" + pid)
            .start();
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread reader = new Thread(() -> read(perf, lines), "perf-output");
    reader.setDaemon(true);
    reader.start();
    try {
      int interval = events.size();
      loadUntil(load, () -> lines.size() >= interval || !perf.isAlive());
      long before = load.answers();
      loadUntil(load, () -> lines.size() >= 2 * interval || !perf.isAlive());
      long answers = load.answers() - before;
      if (lines.size() < 2 * interval || answers == 0) {
        throw new IOException("perf said " + String.join(" ", lines));
      }
      return parse(lines.subList(interval, 2 * interval), answers);
    } finally {
      perf.destroy();
    }
  }

  private static void read(Process perf, List<String> lines) {
    try (BufferedReader errors = perf.errorReader()) {
      for (String line; (line = errors.readLine()) != null; ) {
        lines.add(line);
      }
    } catch (IOException ended) {
      // Who counts the lines sees that they are too few.
    }
  }

  private static void loadUntil(Load load, BooleanSupplier done) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    load.loadUntil(() -> done.getAsBoolean() || System.nanoTime() >= end);
  }

  /** Lines such as {@code 1.0003,4711,,syscalls:sys_enter_read,...}. */
  private static Map<String, Double> parse(List<String> lines, long answers) throws IOException {
    Map<String, Double> calls = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split(",");
      if (fields.length < 4 || !fields[3].contains(PREFIX) || !fields[1].matches("\\d+")) {
        throw new IOException("perf said " + line);
      }
      String name = fields[3].substring(fields[3].indexOf(PREFIX) + PREFIX.length());
      calls.put(name, Double.parseDouble(fields[1]) / answers);
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
