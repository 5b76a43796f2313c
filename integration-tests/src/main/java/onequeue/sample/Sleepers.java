package onequeue.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Many threads asleep at once, each for a time of its own.
 *
 * <p>Prints one line: how many there were, how many of them slept when the last one fell asleep,
 * how long they took to start, how much later than asked they woke, and the most memory that was
 * resident. No more are started once one has woken.
 */
@Command(name = "sleepers", description = "Times how late many sleeping threads wake up.")
public final class Sleepers implements Callable<Integer> {
  private static final int STARTS_BETWEEN_LOOKS = 100;
  private static final long LONGEST_ERROR_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--threads",
      defaultValue = "100000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description = "platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  @Option(
      names = "--kernel-threads",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Start no more once this process has so many threads of the kernel: a machine has ids"
              + " for some ten thousand, which others need too (default: ${DEFAULT-VALUE}).")
  private int mostKernelThreads;

  @Option(
      names = "--from",
      paramLabel = "MILLIS",
      defaultValue = "6000",
      description = "The shortest sleep (default: ${DEFAULT-VALUE}).")
  private int fromMillis;

  @Option(
      names = "--window",
      paramLabel = "MILLIS",
      defaultValue = "3000",
      description = "How much longer the longest one is (default: ${DEFAULT-VALUE}).")
  private int windowMillis;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "For the random times (default: ${DEFAULT-VALUE}).")
  private long seed;

  private final AtomicInteger asleep = new AtomicInteger();
  private final AtomicInteger awake = new AtomicInteger();

  /** Each thread writes its own element; read when all have ended. */
  private long[] errorNanos;

  private Sleepers() {}

  /**
   * Lets them sleep once and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Sleepers()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /**
   * Starts all, waits for all, prints the line.
   *
   * @return 0
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when the thread is interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    errorNanos = new long[threads];
    long start = System.nanoTime();
    List<Thread> started = startAll();
    while (asleep.get() < started.size()) {
      LockSupport.parkNanos(1_000_000);
    }
    long startNanos = System.nanoTime() - start;
    int atOnce = started.size() - awake.get();
    for (Thread thread : started) {
      thread.join();
    }
    long peakKib = status("VmHWM:");
    Histogram errors = new Histogram(LONGEST_ERROR_NANOS, DIGITS);
    for (int i = 0; i < started.size(); i++) {
      errors.recordValue(errorNanos[i]);
    }
    System.out.printf(
        Locale.ROOT,
        "threads=%d at_once=%d start_ms=%.1f p50_us=%.1f p99_us=%.1f max_us=%.1f peak_kib=%d%n",
        started.size(),
        atOnce,
        startNanos / 1e6,
        errors.getValueAtPercentile(50) / 1e3,
        errors.getValueAtPercentile(99) / 1e3,
        errors.getMaxValue() / 1e3,
        peakKib);
    return 0;
  }

  private List<Thread> startAll() throws IOException {
    ThreadFactory factory = kind.factory();
    Random random = new Random(seed);
    List<Thread> started = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      if (i % STARTS_BETWEEN_LOOKS == 0
          && (awake.get() > 0 || status("Threads:") >= mostKernelThreads)) {
        break;
      }
      int index = i;
      int millis = fromMillis + random.nextInt(windowMillis);
      Thread thread = factory.newThread(() -> sleep(index, millis));
      thread.start();
      started.add(thread);
    }
    return started;
  }

  private void sleep(int index, int millis) {
    asleep.incrementAndGet();
    long start = System.nanoTime();
    try {
      Thread.sleep(millis);
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
    errorNanos[index] = Math.max(0, System.nanoTime() - start - millis * 1_000_000L);
    awake.incrementAndGet();
  }

  /** A number that Linux knows of this process. */
  private static long status(String label) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(label)) {
        return Long.parseLong(line.substring(label.length()).strip().split(" ")[0]);
      }
    }
    throw new IOException("no " + label + " in /proc/self/status");
  }
}
