package onequeue.sample;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Threads that read blocks of 4 KiB from anywhere in a file, past the page cache, and beside them
 * one that sleeps for a millisecond again and again.
 *
 * <p>Prints one line: reads a second, the CPU time of this process for one, and how much later than
 * asked the sleeper woke.
 */
@Command(name = "disk-reads", description = "Times reads that the disk answers.")
public final class DiskReads implements Callable<Integer> {
  private static final int BLOCK = 4096;
  private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Parameters(paramLabel = "FILE", description = "What to read, on a disk.")
  private Path file;

  @Option(
      names = "--threads",
      defaultValue = "64",
      description = "How many read (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "How long to read before that is measured (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "2",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description = "Kind of the threads, platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  private final LongAdder reads = new LongAdder();

  /** In all threads; written by the main thread. */
  private volatile boolean measured;

  private volatile boolean over;

  private DiskReads() {}

  /**
   * Reads for that time and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new DiskReads()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /**
   * Starts all, waits, prints the line.
   *
   * @return 0
   * @throws Exception when the file cannot be read past the page cache
   */
  @Override
  public Integer call() throws Exception {
    List<FutureTask<Void>> readers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long seed = i;
      readers.add(started(() -> read(seed)));
    }
    long began = System.nanoTime();
    FutureTask<Histogram> sleeper = started(() -> sleep(began));
    nap(warmUpSeconds);
    measured = true;
    double cpu = cpuMicros();
    long done = reads.sum();
    long start = System.nanoTime();
    nap(seconds);
    long nanos = System.nanoTime() - start;
    done = reads.sum() - done;
    cpu = cpuMicros() - cpu;
    over = true;
    for (FutureTask<Void> reader : readers) {
      reader.get(); // throws what it met
    }
    Histogram late = sleeper.get();
    System.out.printf(
        Locale.ROOT,
        "threads=%d reads_per_s=%.0f cpu_us=%.2f late_p50_us=%.1f late_p99_us=%.1f%n",
        threads,
        done * 1e9 / nanos,
        cpu / Math.max(1, done),
        late.getValueAtPercentile(50) / 1e3,
        late.getValueAtPercentile(99) / 1e3);
    return 0;
  }

  private <V> FutureTask<V> started(Callable<V> call) {
    FutureTask<V> task = new FutureTask<>(call);
    kind.factory().newThread(task).start();
    return task;
  }

  /** With a channel of its own: the JDK keeps a list of those who use one. */
  private Void read(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
      long blocks = channel.size() / BLOCK;
      while (!over) {
        if (channel.read(buffer.rewind(), random.nextLong(blocks) * BLOCK) != BLOCK) {
          throw new IOException("a read was short");
        }
        reads.increment();
      }
    }
    return null;
  }

  /**
   * One that is late misses the sleeps that it should have begun meanwhile: these count as well.
   *
   * @param began before this thread was started, which may take as long as a wake-up
   */
  private Histogram sleep(long began) throws InterruptedException {
    Histogram late = new Histogram(LONGEST_NANOS, DIGITS);
    long start = began;
    do {
      TimeUnit.NANOSECONDS.sleep(SLEEP_NANOS);
      long end = System.nanoTime();
      if (measured) {
        late.recordValueWithExpectedInterval(Math.max(0, end - start - SLEEP_NANOS), SLEEP_NANOS);
      }
      start = end;
    } while (!over);
    return late;
  }

  private static void nap(double seconds) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
  }

  /** Of all threads of this process. */
  private static double cpuMicros() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
  }
}
