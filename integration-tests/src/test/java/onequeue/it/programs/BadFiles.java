package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Disks that are full, files that go or shrink while they are read, FIFOs nobody is at. */
public final class BadFiles {
  private static final byte[] SOME = new byte[10_000];
  private static final int SMALL_DISK = 64 << 10;

  private BadFiles() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("bad");
    AdoptionThreads.run("full", () -> fullDevice(new File("/dev/full")));
    AdoptionThreads.run("small", () -> smallDisk(Files.createDirectory(directory.resolve("disk"))));
    AdoptionThreads.run("deleted", () -> deleted(directory.resolve("deleted")));
    AdoptionThreads.run("truncated", () -> truncated(directory.resolve("truncated")));
    Path fifo = directory.resolve("fifo");
    System.out.println("made " + command("mkfifo", fifo.toString()));
    opened(fifo);
    AdoptionThreads.run("broken", () -> broken(fifo));
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  /** Its exit code. */
  static int command(String... words) throws Exception {
    return new ProcessBuilder(words)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Prints what the call gives or throws, without the name of the temporary directory. */
  static void tell(String name, Callable<?> call) {
    String outcome = TransparencyWatch.outcome(call);
    System.out.println(name + ": " + outcome.replaceAll("/[^ ]*/bad\\d+", "directory"));
  }

  private static void fullDevice(File full) throws Exception {
    try (FileOutputStream stream = new FileOutputStream(full);
        FileChannel channel = FileChannel.open(full.toPath(), WRITE);
        RandomAccessFile access = new RandomAccessFile(full, "rw")) {
      tell("stream", () -> written(stream));
      tell("byte", () -> writtenByte(stream));
      tell("channel", () -> channel.write(ByteBuffer.wrap(SOME)));
      tell("channel at", () -> channel.write(ByteBuffer.wrap(SOME), 7));
      ByteBuffer[] two = {ByteBuffer.wrap(SOME), ByteBuffer.allocateDirect(9)};
      tell("gather", () -> channel.write(two));
      System.out.println("left " + two[0].remaining() + " " + channel.position());
      tell("access", () -> written(access));
      tell("length", access::length);
      tell("Files", () -> Files.write(full.toPath(), SOME));
    }
  }

  private static String written(FileOutputStream stream) throws Exception {
    stream.write(SOME);
    return "written";
  }

  private static String writtenByte(FileOutputStream stream) throws Exception {
    stream.write(1);
    return "written";
  }

  private static String written(RandomAccessFile access) throws Exception {
    access.write(SOME);
    return "written";
  }

  /** Where it can be had: it takes root. */
  private static void smallDisk(Path disk) throws Exception {
    if (command("mount", "-t", "tmpfs", "-o", "size=" + SMALL_DISK, "none", disk.toString()) != 0) {
      System.out.println("no small disk: cannot mount");
      return;
    }
    try (FileOutputStream stream = new FileOutputStream(disk.resolve("stream").toFile());
        FileChannel channel = FileChannel.open(disk.resolve("channel"), CREATE, WRITE)) {
      tell("stream fits", () -> written(stream));
      tell("in part", () -> channel.write(ByteBuffer.allocate(SMALL_DISK)));
      tell("disk full", () -> channel.write(ByteBuffer.wrap(SOME)));
      tell("stream, disk full", () -> written(stream));
      tell("force", () -> forced(channel));
      System.out.println("sizes " + channel.size() + " " + stream.getChannel().size());
      Files.delete(disk.resolve("channel"));
    } finally {
      System.out.println("unmounted " + command("umount", disk.toString()));
    }
  }

  private static String forced(FileChannel channel) throws Exception {
    channel.force(true);
    return "forced";
  }

  private static void deleted(Path file) throws Exception {
    Files.write(file, SOME);
    try (FileInputStream stream = new FileInputStream(file.toFile());
        FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      tell("before", () -> stream.readNBytes(7000).length);
      Files.delete(file);
      tell("after", () -> stream.readAllBytes().length);
      tell("channel", () -> channel.read(ByteBuffer.allocate(20_000)));
      tell("grows", () -> channel.write(ByteBuffer.wrap(SOME)) + channel.size());
      tell("force", () -> forced(channel));
    }
    tell("gone", () -> new FileInputStream(file.toFile()).read() + " read");
  }

  private static void truncated(Path file) throws Exception {
    Files.write(file, SOME);
    try (FileInputStream stream = new FileInputStream(file.toFile());
        FileChannel channel = FileChannel.open(file, READ, WRITE);
        RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
      tell("before", () -> stream.readNBytes(5000).length);
      tell("access", () -> access.skipBytes(9000));
      channel.truncate(6000);
      tell("rest", () -> stream.read(new byte[9000]));
      tell("end", () -> stream.read(new byte[9000]));
      tell("access end", access::read);
      tell("at end", () -> channel.read(ByteBuffer.allocate(9000), 5500));
      tell("past end", () -> channel.read(ByteBuffer.allocate(9000), 9000));
      channel.truncate(0);
      tell("nothing", stream::read);
    }
  }

  /** To open one end waits for the other. */
  private static void opened(Path fifo) throws Exception {
    TransparencyWatch reader =
        TransparencyWatch.start(
            () -> {
              try (FileInputStream in = new FileInputStream(fifo.toFile())) {
                return "read " + in.read() + in.read();
              }
            });
    reader.blocked();
    System.out.println("no writer " + reader.thread().isAlive());
    try (FileChannel out = FileChannel.open(fifo, WRITE)) {
      System.out.println(out.write(ByteBuffer.wrap(new byte[] {42})) + " written");
    }
    System.out.println(reader.end());
    TransparencyWatch writer =
        TransparencyWatch.start(
            () -> {
              try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
                out.write(43);
                return "written";
              }
            });
    writer.blocked();
    System.out.println("no reader " + writer.thread().isAlive());
    try (FileChannel in = FileChannel.open(fifo, READ)) {
      System.out.println(in.read(ByteBuffer.allocate(9)) + " " + writer.end());
      System.out.println("end " + in.read(ByteBuffer.allocate(9)));
    }
  }

  /** Who writes when the last reader goes, or has gone. */
  private static void broken(Path fifo) throws Exception {
    FileChannel reader = FileChannel.open(fifo, READ, WRITE);
    try (FileOutputStream stream = new FileOutputStream(fifo.toFile());
        FileChannel channel = FileChannel.open(fifo, WRITE)) {
      TransparencyWatch writer =
          TransparencyWatch.start(() -> channel.write(ByteBuffer.allocate(1 << 20)));
      writer.blocked();
      System.out.println("full " + writer.thread().isAlive());
      reader.close();
      // What fitted in before counts: the error is the next one's.
      System.out.println("reader gone " + writer.end());
      tell("channel", () -> channel.write(ByteBuffer.wrap(SOME)));
      tell("stream", () -> written(stream));
    }
  }
}
