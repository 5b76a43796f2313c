package onequeue.sample;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * One thread that reads a file in the page cache, from its begin to its end and again.
 *
 * <p>Prints a line per repetition, the nanoseconds of a read of 4 KiB in each of the ways: {@code
 * at_ns=480 read_ns=460 stream_ns=900}. The first repetitions warm the code up.
 */
@Command(name = "cached-reads", description = "Times reads that the page cache answers.")
public final class CachedReads implements Callable<Integer> {
  private static final int BLOCK = 4096;

  /** So much of the file is read: it stays in the page cache, and in no cache of the processor. */
  private static final int BLOCKS = 4096;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Parameters(paramLabel = "FILE", description = "What to read, 16 MiB or longer.")
  private Path file;

  @Option(
      names = "--passes",
      defaultValue = "20",
      description =
          "How often to read those 16 MiB in each way in a repetition (default:"
              + " ${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--reps",
      defaultValue = "9",
      description = "Repetitions (default: ${DEFAULT-VALUE}).")
  private int reps;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description = "Kind of the thread, platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  private CachedReads() {}

  /**
   * Runs the repetitions and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new CachedReads()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /**
   * Runs all repetitions in one thread of that kind.
   *
   * @return 0
   * @throws Exception when the file is too short or cannot be read
   */
  @Override
  public Integer call() throws Exception {
    FutureTask<Void> all = new FutureTask<>(this::measure);
    kind.factory().newThread(all).start();
    all.get();
    return 0;
  }

  private Void measure() throws IOException {
    require(Files.size(file) >= (long) BLOCKS * BLOCK);
    // Where memory begins is a process's luck, and the kernel's copies depend on it.
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK).slice();
    byte[] bytes = new byte[BLOCK];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileInputStream stream = new FileInputStream(file.toFile())) {
      for (int rep = 0; rep < reps; rep++) {
        double at = nanos(() -> readAt(channel, buffer));
        double read = nanos(() -> read(channel, buffer));
        double streamed = nanos(() -> read(stream, bytes));
        System.out.printf(
            Locale.ROOT, "at_ns=%.1f read_ns=%.1f stream_ns=%.1f%n", at, read, streamed);
      }
    }
    return null;
  }

  private interface Pass {
    void run() throws IOException;
  }

  /** Of one read. */
  private double nanos(Pass pass) throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < passes; i++) {
      pass.run();
    }
    return (double) (System.nanoTime() - start) / passes / BLOCKS;
  }

  private static void readAt(FileChannel channel, ByteBuffer buffer) throws IOException {
    for (int i = 0; i < BLOCKS; i++) {
      require(channel.read(buffer.clear(), (long) i * BLOCK) == BLOCK);
    }
  }

  private static void read(FileChannel channel, ByteBuffer buffer) throws IOException {
    channel.position(0);
    for (int i = 0; i < BLOCKS; i++) {
      require(channel.read(buffer.clear()) == BLOCK);
    }
  }

  private static void read(FileInputStream stream, byte[] bytes) throws IOException {
    stream.getChannel().position(0);
    for (int i = 0; i < BLOCKS; i++) {
      require(stream.read(bytes) == BLOCK);
    }
  }

  private static void require(boolean whole) throws IOException {
    if (!whole) {
      throw new IOException("the file is too short");
    }
  }
}
