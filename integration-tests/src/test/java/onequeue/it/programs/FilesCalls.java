package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * The calls of channels and streams on a file that is in the page cache, one that is not, and one
 * that is cached in part: counts, positions, contents and errors.
 */
public final class FilesCalls {
  private static final int SIZE = 300_001;
  private static final byte[] DATA = new byte[SIZE];

  /** How to leave the file to the call: cached, not cached, or up to a place in its middle. */
  private static final int[] CACHED = {SIZE, 0, 100_000};

  private FilesCalls() {}

  public static void main(String[] args) throws Exception {
    new Random(42).nextBytes(DATA);
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "files");
    Path file = directory.resolve("file");
    System.out.println(FilesThreads.start(() -> all(file)).end());
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static String all(Path file) throws Exception {
    for (int cached : CACHED) {
      System.out.println("cached " + cached);
      Files.write(file, DATA);
      channel(file, cached);
      streams(file, cached);
    }
    direct(file);
    writes(file, new OpenOption[] {WRITE, READ});
    writes(file, new OpenOption[] {WRITE, READ, DSYNC});
    append(file);
    synchronous(file);
    truncated(file);
    pieces(file);
    deleted(file);
    errors(file);
    return "all";
  }

  /** Only the first bytes are in the page cache, if that many. */
  private static void cache(Path file, int bytes) throws Exception {
    command("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      in.readNBytes(bytes);
    }
  }

  private static void command(String... words) throws Exception {
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Arrays.toString(words));
    }
  }

  private static void channel(Path file, int cached) throws Exception {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      cache(file, cached);
      ByteBuffer to = ByteBuffer.allocateDirect(200_000);
      System.out.println("read " + channel.read(to) + same(to, 0) + channel.position());
      cache(file, cached);
      ByteBuffer rest = ByteBuffer.allocate(200_000);
      System.out.println("rest " + channel.read(rest) + same(rest, 200_000) + channel.position());
      System.out.println("end " + channel.read(rest) + " " + channel.read(ByteBuffer.allocate(1)));
      cache(file, cached);
      ByteBuffer at = ByteBuffer.allocate(150_000);
      System.out.println("at " + channel.read(at, 77) + same(at, 77) + channel.position());
      ByteBuffer last = ByteBuffer.allocate(10);
      System.out.println("last " + channel.read(last, SIZE - 3) + same(last, SIZE - 3));
      System.out.println("past " + channel.read(last, SIZE) + " " + channel.read(last, SIZE + 9L));
      cache(file, cached);
      channel.position(5);
      ByteBuffer[] many = {
        ByteBuffer.allocate(99_990), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(90_000)
      };
      System.out.println("scatter " + channel.read(many) + " " + channel.position());
      System.out.println(same(many[0], 5) + same(many[1], 99_995) + same(many[2], 99_998));
      System.out.println("scatter to the end " + channel.read(new ByteBuffer[] {to.clear(), rest}));
      System.out.println(same(to, 189_998) + channel.position());
    }
  }

  private static String same(ByteBuffer read, int at) {
    read.flip();
    byte[] bytes = new byte[read.remaining()];
    read.get(bytes);
    return Arrays.equals(bytes, 0, bytes.length, DATA, at, at + bytes.length)
        ? " as written "
        : " NOT AS WRITTEN ";
  }

  private static void streams(Path file, int cached) throws Exception {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      cache(file, cached);
      System.out.println("byte " + (byte) in.read() + " " + DATA[0]);
      byte[] to = new byte[200_000];
      System.out.println("bytes " + in.read(to) + same(ByteBuffer.wrap(to).position(200_000), 1));
      cache(file, cached);
      System.out.println("some " + in.read(to, 9, 1000) + " " + in.getChannel().position());
      System.out.println("all " + in.readAllBytes().length + " " + in.read() + in.read(to));
      System.out.println("none " + in.read(new byte[0]) + in.read(to, 5, 0));
      tell("bounds", () -> in.read(to, 199_999, 2));
      tell("null", () -> in.read((byte[]) null));
    }
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
      cache(file, cached);
      access.seek(99_000);
      byte[] to = new byte[100_000];
      System.out.println("access " + access.read(to) + " " + access.getFilePointer());
      System.out.println(same(ByteBuffer.wrap(to).position(100_000), 99_000));
      cache(file, cached);
      System.out.println("access byte " + (byte) access.read() + " " + DATA[199_000]);
      access.seek(SIZE);
      System.out.println("access end " + access.read() + " " + access.read(to));
      tell("access fully", () -> readFully(access));
    }
    cache(file, cached);
    System.out.println("Files " + Arrays.equals(Files.readAllBytes(file), DATA));
  }

  private static int readFully(RandomAccessFile access) throws Exception {
    access.readFully(new byte[1]);
    return 0;
  }

  /** Past the page cache, where the file system has that. */
  private static void direct(Path file) throws Exception {
    int block = (int) Files.getFileStore(file).getBlockSize();
    ByteBuffer to = ByteBuffer.allocateDirect(3 * block).alignedSlice(block).limit(2 * block);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE, ExtendedOpenOption.DIRECT)) {
      System.out.println("direct " + channel.read(to) + same(to, 0) + channel.position());
      System.out.println("direct at " + channel.read(to.clear().limit(block), block));
      System.out.println(same(to, block) + channel.write(to.rewind(), 0) + channel.size());
      channel.position(0);
      to.clear();
      ByteBuffer[] two = {to.slice(0, block), to.slice(block, block)};
      System.out.println("direct scatter " + channel.read(two) + " " + channel.position());
      tell("not aligned", () -> channel.read(ByteBuffer.allocate(7), 0));
    } catch (UnsupportedOperationException e) {
      System.out.println("direct: not here");
    }
  }

  private static void writes(Path file, OpenOption[] options) throws Exception {
    Files.write(file, DATA);
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer from = ByteBuffer.wrap(DATA, 0, 50_000);
      System.out.println("write " + channel.write(from) + " " + channel.position());
      System.out.println("at " + channel.write(ByteBuffer.wrap(DATA, 0, 9), SIZE + 11L));
      System.out.println("size " + channel.size() + " " + channel.position());
      ByteBuffer[] two = {ByteBuffer.wrap(DATA, 0, 7), ByteBuffer.allocateDirect(8)};
      System.out.println("gather " + channel.write(two) + " " + channel.position());
      channel.force(false);
      channel.force(true);
      System.out.println("truncate " + channel.truncate(40_000).position() + channel.size());
      System.out.println(
          "lock " + channel.lock(0, 9, true).isShared() + channel.tryLock(9, 9, false));
    }
    System.out.println(Arrays.hashCode(Files.readAllBytes(file)));
  }

  private static void append(Path file) throws Exception {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, APPEND, DSYNC);
        FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
      System.out.println("append " + channel.write(ByteBuffer.wrap(DATA)) + channel.position());
      out.write(DATA, 5, 10);
      out.write(7);
      out.write(new byte[3]);
      out.getFD().sync();
      System.out.println(channel.position() + " " + out.getChannel().position());
      System.out.println("append " + channel.write(ByteBuffer.wrap(DATA)) + channel.position());
    }
    System.out.println(Arrays.hashCode(Files.readAllBytes(file)));
  }

  private static void synchronous(Path file) throws Exception {
    for (String mode : new String[] {"rw", "rwd", "rws"}) {
      try (RandomAccessFile access = new RandomAccessFile(file.toFile(), mode)) {
        access.seek(100);
        access.write(DATA, 1, 70_000);
        access.write(255);
        access.write(new byte[0]);
        access.writeLong(42);
        access.getFD().sync();
        System.out.println(mode + " " + access.getFilePointer() + " " + access.length());
        tell(mode + " bounds", () -> write(access, DATA.length));
      }
    }
    System.out.println(Arrays.hashCode(Files.readAllBytes(file)));
  }

  private static int write(RandomAccessFile access, int off) throws Exception {
    access.write(DATA, off, 1);
    return 0;
  }

  private static void truncated(Path file) throws Exception {
    Files.write(file, DATA);
    try (FileInputStream in = new FileInputStream(file.toFile());
        FileChannel writer = FileChannel.open(file, WRITE)) {
      byte[] to = new byte[100_000];
      System.out.println("before " + in.read(to));
      writer.truncate(150_000);
      System.out.println("short " + in.read(to) + " " + in.read(to));
      writer.truncate(10);
      System.out.println("none " + in.read(to) + " " + in.read());
      writer.write(ByteBuffer.wrap(DATA), 0);
      cache(file, 0);
      System.out.println("again " + in.read(to) + same(ByteBuffer.wrap(to).position(9), 150_000));
    }
  }

  /** So many reads in a row that some more is found out about the file, which changes meanwhile. */
  private static void pieces(Path file) throws Exception {
    Files.write(file, DATA);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE);
        FileInputStream in = new FileInputStream(file.toFile())) {
      ByteBuffer to = ByteBuffer.allocateDirect(1000);
      for (int turn = 0; turn < 2; turn++) {
        channel.position(0);
        in.getChannel().position(0);
        int same = 0;
        for (int at = 0; at < SIZE; at += 1000) {
          same += channel.read(to.clear()) + (same(to, at).contains("NOT") ? SIZE : 0);
          same += channel.read(to.clear(), at) + (same(to, at).contains("NOT") ? SIZE : 0);
          same += in.readNBytes(1000).length;
        }
        System.out.println("pieces " + same + " " + channel.position() + channel.read(to.clear()));
        channel.truncate(150_000);
        System.out.println("short " + channel.read(to, 149_990) + channel.read(to, 150_000));
        System.out.println("grown " + channel.write(ByteBuffer.wrap(DATA), 0));
        cache(file, 0);
      }
    }
  }

  private static void deleted(Path file) throws Exception {
    Files.write(file, DATA);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE, DSYNC)) {
      Files.delete(file);
      ByteBuffer to = ByteBuffer.allocate(SIZE);
      System.out.println("deleted " + channel.read(to) + same(to, 0));
      System.out.println(channel.write(ByteBuffer.wrap(DATA)) + " " + channel.size());
      channel.force(true);
    }
  }

  private static void errors(Path file) throws Exception {
    tell("no such file", () -> new FileInputStream(file.resolve("none").toString()));
    tell("a directory", () -> new FileInputStream(file.getParent().toFile()));
    tell("not to be written", () -> new FileOutputStream(file.getParent().toFile()));
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), WRITE);
        FileOutputStream stream = new FileOutputStream("/dev/full")) {
      tell("full", () -> full.write(ByteBuffer.allocate(9)));
      tell("full stream", () -> writes(stream));
    }
    smallDisk(file.resolveSibling("disk"));
    FileInputStream closed = new FileInputStream("/proc/version");
    closed.close();
    tell("closed", closed::read);
    tell("closed bytes", () -> closed.read(new byte[9]));
    FileOutputStream out = new FileOutputStream(file.toFile());
    out.close();
    tell("closed out", () -> writes(out));
    try (AsynchronousFileChannel async = AsynchronousFileChannel.open(file, READ, WRITE)) {
      System.out.println("async " + async.write(ByteBuffer.wrap(DATA), 0).get());
      System.out.println("async " + async.read(ByteBuffer.allocate(99), 0).get());
      System.out.println("async " + async.lock().get().isValid());
    }
  }

  private static int writes(FileOutputStream stream) throws Exception {
    stream.write(new byte[9]);
    return 9;
  }

  /** A disk that is soon full, where it can be had: it takes root, or says what it takes. */
  private static void smallDisk(Path directory) throws Exception {
    Files.createDirectory(directory);
    try {
      command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString());
    } catch (IllegalStateException e) {
      System.out.println("no small disk: cannot mount");
      return;
    }
    try (RandomAccessFile access =
            new RandomAccessFile(directory.resolve("synchronous").toFile(), "rwd");
        FileChannel channel =
            FileChannel.open(directory.resolve("channel"), CREATE, WRITE, DSYNC)) {
      access.write(DATA, 0, 30_000);
      System.out.println("fits in part " + channel.write(ByteBuffer.wrap(DATA)));
      tell("disk full", () -> channel.write(ByteBuffer.wrap(DATA)));
      tell("disk full", () -> writeAll(access));
    } finally {
      command("umount", directory.toString());
    }
  }

  private static int writeAll(RandomAccessFile access) throws Exception {
    access.write(DATA);
    return SIZE;
  }

  private static void tell(String name, Callable<?> call) {
    String text = TransparencyWatch.outcome(call);
    System.out.println(name + ": " + text.replaceAll("/[^ ]*files[0-9]+", "directory"));
  }
}
