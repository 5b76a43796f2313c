package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Operations that have to wait for the disk, more at once than are let to it, and what can befall
 * them: interrupts, closes, an overflow of the stack. At the end waits for that of the standard
 * input.
 */
@SuppressWarnings("try") // to close a channel under its users is what this is about
public final class FilesRing {
  private static final int THREADS = 200;
  private static final int TURNS = 20;
  private static final int BLOCK = 4096;
  private static final int OVERFLOWS = 10;

  private FilesRing() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "files");
    Path file = Files.createFile(directory.resolve("file"));
    inPlaces(file);
    atThePosition(file);
    appended(file);
    interrupted(file);
    closed(file);
    System.out.println("overflow " + FilesThreads.start(() -> overflow(file)).end());
    inPlaces(file);
    System.out.println("done");
    System.in.read();
    Files.delete(file);
    Files.delete(directory);
  }

  /** Past the page cache, where the file system has that. */
  private static FileChannel open(Path file, OpenOption... options) throws Exception {
    OpenOption[] direct = Arrays.copyOf(options, options.length + 1);
    direct[options.length] = ExtendedOpenOption.DIRECT;
    try {
      return FileChannel.open(file, direct);
    } catch (UnsupportedOperationException e) {
      return FileChannel.open(file, options);
    }
  }

  private static ByteBuffer block(int value) {
    ByteBuffer block = ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK);
    while (block.hasRemaining()) {
      block.putInt(value);
    }
    return block.flip();
  }

  private static boolean isBlock(ByteBuffer read, int value) {
    read.flip();
    return read.remaining() == BLOCK && read.mismatch(block(value)) < 0;
  }

  /** What many threads gave, each outcome once. */
  private static String all(IntFunction<Callable<?>> calls) throws Exception {
    List<FilesThreads> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(FilesThreads.start(calls.apply(i)));
    }
    List<String> outcomes = new ArrayList<>();
    for (FilesThreads thread : threads) {
      String outcome = thread.end();
      if (!outcomes.contains(outcome)) {
        outcomes.add(outcome);
      }
    }
    return outcomes.toString();
  }

  private static void inPlaces(Path file) throws Exception {
    try (FileChannel channel = open(file, READ, WRITE, SYNC)) {
      System.out.println("in places " + all(i -> () -> inPlace(channel, i)));
      System.out.println("position " + channel.position() + " size " + channel.size());
    }
  }

  private static String inPlace(FileChannel channel, int place) throws Exception {
    ByteBuffer to = block(0);
    for (int turn = 0; turn < TURNS; turn++) {
      int value = place * TURNS + turn;
      int written = channel.write(block(value), (long) place * BLOCK);
      channel.force(turn % 2 == 0);
      int read = channel.read(to.clear().limit(BLOCK), (long) place * BLOCK);
      if (written != BLOCK || read != BLOCK || !isBlock(to, value)) {
        return "NOT AS WRITTEN " + place + " " + turn + " " + written + " " + read;
      }
    }
    return "as written";
  }

  /** Each block is read, and written, by one of them. */
  private static void atThePosition(Path file) throws Exception {
    AtomicInteger blocks = new AtomicInteger();
    try (FileChannel channel = open(file, READ)) {
      System.out.println("ends " + all(i -> () -> readOn(channel, blocks)));
      System.out.println("blocks " + blocks + " " + channel.position());
      ByteBuffer[] three = {block(1), block(2), block(3)};
      System.out.println("scatter " + channel.position(0).read(three) + " " + channel.position());
    }
    try (FileChannel channel = open(file, WRITE)) {
      System.out.println("written " + all(i -> () -> channel.write(block(i))));
      System.out.println("position " + channel.position());
      ByteBuffer[] two = {block(8), block(9)};
      System.out.println("gather " + channel.write(two) + " " + channel.size());
      channel.truncate((long) THREADS * BLOCK);
    }
    System.out.println("sum " + sum(file));
  }

  private static int readOn(FileChannel channel, AtomicInteger blocks) throws Exception {
    ByteBuffer to = block(0);
    int n;
    while ((n = channel.read(to.clear().limit(BLOCK))) > 0) {
      blocks.incrementAndGet();
    }
    return n;
  }

  private static long sum(Path file) throws Exception {
    long sum = 0;
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    while (bytes.hasRemaining()) {
      sum += bytes.getInt();
    }
    return sum;
  }

  private static void appended(Path file) throws Exception {
    try (FileChannel channel = open(file, WRITE, APPEND, SYNC)) {
      System.out.println("appended " + all(i -> () -> channel.write(block(i))));
      System.out.println("size " + channel.size() + " " + channel.position());
    }
    System.out.println("sum " + sum(file));
  }

  private static void interrupted(Path file) throws Exception {
    List<FilesThreads> readers = new ArrayList<>();
    AtomicInteger reads = new AtomicInteger();
    for (int i = 0; i < TURNS; i++) {
      FileChannel channel = open(file, READ);
      readers.add(FilesThreads.start(() -> readForever(channel, reads)));
    }
    FilesThreads.until("reads", () -> reads.get() > THREADS);
    for (FilesThreads reader : readers) {
      reader.thread().interrupt();
      System.out.println("interrupted: " + reader.end());
    }
  }

  private static int readForever(FileChannel channel, AtomicInteger reads) throws Exception {
    ByteBuffer to = block(0);
    for (; ; ) {
      channel.read(to.clear().limit(BLOCK), (long) (reads.incrementAndGet() % THREADS) * BLOCK);
    }
  }

  private static void closed(Path file) throws Exception {
    AtomicInteger reads = new AtomicInteger();
    FileChannel channel = open(file, READ);
    List<FilesThreads> readers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      readers.add(FilesThreads.start(() -> readForever(channel, reads)));
    }
    FilesThreads.until("reads", () -> reads.get() > THREADS);
    channel.close();
    for (FilesThreads reader : readers) {
      String end = reader.end();
      if (!end.contains("AsynchronousCloseException") && !end.contains("ClosedChannelException")) {
        System.out.println("closed: NOT " + end);
      }
    }
  }

  /** Reads where the stack ends, at each depth from there until it does not overflow. */
  private static String overflow(Path file) throws Exception {
    FileChannel channel = open(file, READ); // not closed: the JDK has lost count of its users
    ByteBuffer to = block(0);
    for (int i = 0; i < OVERFLOWS; i++) {
      descend(channel, to);
    }
    return "survived";
  }

  private static int descend(FileChannel channel, ByteBuffer to) throws Exception {
    try {
      return 1 + descend(channel, to);
    } catch (StackOverflowError e) {
      return channel.read(to.clear().limit(BLOCK), 0);
    }
  }
}
