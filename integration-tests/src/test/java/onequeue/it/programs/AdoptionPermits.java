package onequeue.it.programs;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The permit of {@link LockSupport} and waits for something else: they neither take it nor leave
 * one.
 */
public final class AdoptionPermits {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long SLEEP_MILLIS = 20;
  private static final int READS = 300;
  private static final int BLOCK = 4096;

  private AdoptionPermits() {}

  /** Prints what became of permits. */
  public static void main(String[] args) throws Exception {
    for (Map.Entry<String, TransparencyOps.Maker> op : TransparencyOps.all().entrySet()) {
      check(op.getKey(), op.getValue());
    }
    check("Socket read where a class begins", AdoptionPermits::classBegins);
    Path directory = Files.createTempDirectory("permits");
    Path fifo = directory.resolve("fifo");
    System.out.println("made " + new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    check("FIFO read", () -> fifoRead(fifo));
    Process holder = AdoptionFiles.holder(Files.createFile(directory.resolve("locked")));
    fileLock(directory.resolve("locked"), holder);
    AdoptionThreads.run("files", () -> files(directory.resolve("file")));
    interrupted();
    sleeps();
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static void check(String name, TransparencyOps.Maker maker) throws Exception {
    String before = waits(maker, true, false);
    String during = waits(maker, false, true);
    String none = waits(maker, false, false);
    System.out.printf("%s: before %s, during %s, none %s%n", name, before, during, none);
  }

  private static String waits(TransparencyOps.Maker maker, boolean before, boolean during)
      throws Exception {
    TransparencyOps.Op op = maker.make();
    TransparencyWatch watch =
        TransparencyWatch.start(
            () -> {
              if (before) {
                LockSupport.unpark(Thread.currentThread());
              }
              TransparencyWatch.outcome(op.call());
              return permit(before || during);
            });
    TransparencyWatch.settle(watch.thread());
    if (during) {
      LockSupport.unpark(watch.thread());
    }
    op.target().close();
    String permit = watch.end();
    for (Closeable closeable : op.rest()) {
      closeable.close();
    }
    return permit;
  }

  /** Whether the calling thread has one. */
  private static String permit(boolean expected) {
    long nanos = expected ? LONG_NANOS : SHORT_NANOS;
    long start = System.nanoTime();
    LockSupport.parkNanos(nanos);
    return System.nanoTime() - start < nanos ? "there" : "gone";
  }

  private static Callable<?> inInitializer;

  /** Loaded anew for each wait: its thread cannot leave its carrier. */
  public static final class Begins {
    static {
      TransparencyWatch.outcome(inInitializer);
    }

    private Begins() {}
  }

  private static TransparencyOps.Op classBegins() throws IOException {
    TransparencyOps.Op read = TransparencyOps.all().get("Socket read").make();
    inInitializer = read.call();
    Callable<?> begins = () -> Class.forName(Begins.class.getName(), true, new Anew());
    return new TransparencyOps.Op(false, begins, read.target(), read.rest());
  }

  /** Has a class of its own of what begins. */
  private static final class Anew extends ClassLoader {
    Anew() {
      super(AdoptionPermits.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Begins.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(
            name, bytes, 0, bytes.length, AdoptionPermits.class.getProtectionDomain());
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static TransparencyOps.Op fifoRead(Path fifo) throws IOException {
    RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
    FileInputStream in = new FileInputStream(fifo.toFile());
    return new TransparencyOps.Op(false, in::read, () -> out.write('x'), List.of(in, out));
  }

  private static void fileLock(Path file, Process holder) throws Exception {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    TransparencyWatch watch =
        TransparencyWatch.start(
            () -> {
              channel.lock();
              return permit(true);
            });
    TransparencyWatch.settle(watch.thread());
    LockSupport.unpark(watch.thread());
    holder.getOutputStream().close();
    System.out.println("lock of a file: " + watch.end() + " " + holder.waitFor());
    channel.close();
  }

  /** Many operations that have to ask the disk: with no page cache if it can be had. */
  private static void files(Path file) throws Exception {
    Files.write(file, new byte[READS * BLOCK]);
    int kept = 0;
    int left = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int i = 0; i < READS; i++) {
        boolean given = i % 2 == 0;
        if (given) {
          LockSupport.unpark(Thread.currentThread());
        }
        channel.force(true);
        if (given) {
          kept += permit(true).equals("there") ? 1 : 0;
        } else if (i % 20 == 1) {
          left += permit(false).equals("there") ? 1 : 0;
        }
        channel.write(ByteBuffer.allocate(1), (long) i * BLOCK);
      }
    }
    System.out.printf("forced: kept %d, left over %d%n", kept, left);
  }

  private static void sleeps() throws Exception {
    AdoptionThreads.run(
        "sleeps",
        () -> {
          LockSupport.unpark(Thread.currentThread());
          Thread.sleep(SLEEP_MILLIS);
          System.out.println("sleep: before " + permit(true));
          Thread.sleep(SLEEP_MILLIS);
          System.out.println("sleep: none " + permit(false));
        });
    Thread sleeper =
        AdoptionThreads.start(
            "sleeper",
            () -> {
              Thread.sleep(10 * SLEEP_MILLIS);
              System.out.println("sleep: during " + permit(true));
            });
    AdoptionThreads.await(sleeper, Thread.State.TIMED_WAITING);
    LockSupport.unpark(sleeper);
    sleeper.join();
  }

  /** An interrupt gives one too, also where it ends nothing. */
  private static void interrupted() throws Exception {
    TransparencyOps.Op op = TransparencyOps.all().get("Socket read").make();
    TransparencyWatch watch =
        TransparencyWatch.start(
            () -> {
              String read = TransparencyWatch.outcome(op.call()); // which clears the status
              return read + ": " + permit(true);
            });
    TransparencyWatch.settle(watch.thread());
    watch.thread().interrupt();
    op.target().close();
    System.out.println("interrupted: " + watch.end());
    for (Closeable closeable : op.rest()) {
      closeable.close();
    }
  }
}
