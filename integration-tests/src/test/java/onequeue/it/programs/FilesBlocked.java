package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Interrupts and closes in the middle of a wait on a FIFO or for a lock; many on one channel. */
@SuppressWarnings("try") // to close a channel under its user is what this is about
public final class FilesBlocked {
  private static final int MANY = 50;

  private FilesBlocked() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("files");
    Path fifo = directory.resolve("fifo");
    System.out.println("made " + new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Path file = Files.write(directory.resolve("file"), new byte[MANY * 1000]);
    opens(fifo);
    reads(fifo);
    writes(fifo);
    lock(file);
    manyReaders(file);
    manyStreamReaders(file);
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static void opens(Path fifo) throws Exception {
    FilesThreads reader = FilesThreads.start(() -> readLine(fifo)).in("java.io|sun.nio.fs", "open");
    reader.thread().interrupt(); // which an open does not mind
    FilesThreads writer = FilesThreads.start(() -> writeLine(fifo));
    System.out.println("opened " + writer.end() + " " + reader.end());
    FilesThreads channel = FilesThreads.start(() -> openAndClose(fifo));
    channel.in("java.io|sun.nio.fs", "open");
    System.out.println("opened " + writeNothing(fifo) + " " + channel.end());
    FilesThreads access =
        FilesThreads.start(
            () -> {
              try (RandomAccessFile file = new RandomAccessFile(fifo.toFile(), "r")) {
                return file.getFilePointer();
              }
            });
    access.in("java.io|sun.nio.fs", "open");
    System.out.println("opened " + writeNothing(fifo) + " " + access.end());
  }

  private static boolean openAndClose(Path fifo) throws Exception {
    try (FileChannel channel = FileChannel.open(fifo, READ)) {
      return channel.isOpen();
    }
  }

  private static String readLine(Path fifo) throws Exception {
    try (FileInputStream in = new FileInputStream(fifo.toFile())) {
      return new String(in.readAllBytes());
    }
  }

  private static String writeLine(Path fifo) throws Exception {
    try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      out.write("a line".getBytes());
      return "written";
    }
  }

  private static boolean writeNothing(Path fifo) throws Exception {
    try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      return out.getFD().valid();
    }
  }

  private static void reads(Path fifo) throws Exception {
    try (FileChannel keep = FileChannel.open(fifo, READ, WRITE)) {
      FileChannel first = FileChannel.open(fifo, READ, WRITE);
      FilesThreads reader =
          FilesThreads.start(() -> first.read(ByteBuffer.allocate(9)))
              .in("java.io|sun.nio.ch", "read");
      first.close();
      System.out.println("read, closed: " + reader.end());

      FileChannel second = FileChannel.open(fifo, READ, WRITE);
      FilesThreads other =
          FilesThreads.start(() -> second.read(ByteBuffer.allocate(9)))
              .in("java.io|sun.nio.ch", "read");
      other.thread().interrupt();
      System.out.println("read, interrupted: " + other.end() + " " + second.isOpen());

      try (FileInputStream in = new FileInputStream(fifo.toFile())) {
        FilesThreads stream =
            FilesThreads.start(() -> in.read(new byte[9])).in("java.io|sun.nio.ch", "read");
        stream.thread().interrupt(); // which a stream does not mind
        keep.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        System.out.println("stream: " + stream.end());
        FilesThreads one = FilesThreads.start(in::read).in("java.io|sun.nio.ch", "read");
        in.close();
        keep.write(ByteBuffer.wrap(new byte[] {4}));
        System.out.println("stream, closed: " + one.end());
      }
      FileChannel third = FileChannel.open(fifo, READ);
      ByteBuffer[] two = {ByteBuffer.allocate(2), ByteBuffer.allocate(9)};
      FilesThreads scatter =
          FilesThreads.start(() -> third.read(two)).in("java.io|sun.nio.ch", "read");
      keep.write(ByteBuffer.wrap(new byte[] {5, 6, 7, 8}));
      System.out.println("scatter: " + scatter.end() + " " + two[0] + two[1]);
      FilesThreads closed =
          FilesThreads.start(() -> third.read(two)).in("java.io|sun.nio.ch", "read");
      third.close();
      System.out.println("scatter, closed: " + closed.end());
    }
  }

  private static void writes(Path fifo) throws Exception {
    FileChannel reader = FileChannel.open(fifo, READ, WRITE);
    try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      FilesThreads writer =
          FilesThreads.start(() -> writeAll(out)).in("java.io|sun.nio.ch", "write");
      ByteBuffer all = ByteBuffer.allocate(500_000);
      while (all.hasRemaining()) {
        reader.read(all);
      }
      System.out.println("written: " + writer.end());
    }
    FileChannel channel = FileChannel.open(fifo, WRITE);
    FilesThreads writer =
        FilesThreads.start(() -> channel.write(ByteBuffer.allocate(500_000)))
            .in("java.io|sun.nio.ch", "write");
    ByteBuffer all = ByteBuffer.allocate(500_000);
    while (all.hasRemaining()) {
      reader.read(all);
    }
    System.out.println("written to the channel: " + writer.end());
    reader.close();
    FilesThreads broken = FilesThreads.start(() -> channel.write(ByteBuffer.allocate(9)));
    System.out.println("broken: " + broken.end());
    channel.close();
  }

  private static int writeAll(FileOutputStream out) throws Exception {
    out.write(new byte[499_999]);
    out.write(7);
    return 500_000;
  }

  private static void lock(Path file) throws Exception {
    Process holder = AdoptionFiles.holder(file);
    FileChannel first = FileChannel.open(file, READ, WRITE);
    FilesThreads waiter = FilesThreads.start(first::lock).in("sun.nio.ch", "lock");
    first.close();
    System.out.println("lock, closed: " + waiter.end());
    FileChannel second = FileChannel.open(file, READ, WRITE);
    FilesThreads other = FilesThreads.start(second::lock).in("sun.nio.ch", "lock");
    other.thread().interrupt();
    System.out.println("lock, interrupted: " + other.end() + " " + second.isOpen());
    FileChannel third = FileChannel.open(file, READ, WRITE);
    FilesThreads winner = FilesThreads.start(() -> third.lock().isValid()).in("sun.nio.ch", "lock");
    holder.getOutputStream().close();
    System.out.println("lock: " + winner.end() + " " + holder.waitFor());
    third.close();
  }

  /** Each byte is read by one of them. */
  private static void manyReaders(Path file) throws Exception {
    AtomicInteger sum = new AtomicInteger();
    List<FilesThreads> threads = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, READ)) {
      for (int i = 0; i < MANY; i++) {
        threads.add(
            FilesThreads.start(
                () -> {
                  int n;
                  while ((n = channel.read(ByteBuffer.allocate(777))) > 0) {
                    sum.addAndGet(n);
                  }
                  return n;
                }));
      }
      for (FilesThreads thread : threads) {
        thread.end();
      }
    }
    System.out.println("many readers " + sum);
  }

  private static void manyStreamReaders(Path file) throws Exception {
    AtomicInteger sum = new AtomicInteger();
    List<FilesThreads> threads = new ArrayList<>();
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      for (int i = 0; i < MANY; i++) {
        threads.add(
            FilesThreads.start(
                () -> {
                  byte[] to = new byte[777];
                  int n;
                  while ((n = in.read(to)) > 0) {
                    sum.addAndGet(n);
                  }
                  return n;
                }));
      }
      for (FilesThreads thread : threads) {
        thread.end();
      }
    }
    System.out.println("many streams' readers " + sum);
  }
}
