package onequeue.it.programs;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Copies of files in all the ways that the JDK has, short and long, from the page cache and from
 * the disk, and what can befall them. At the end waits for that of the standard input.
 */
@SuppressWarnings("try") // to close a channel under its users is what this is about
public final class FilesCopies {
  private static final int[] SIZES = {0, 10_000, 300_001};
  private static final int THREADS = 50;
  private static final long LONG = 1L << 29;

  private FilesCopies() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "files");
    Path file = directory.resolve("file");
    Path copy = directory.resolve("copy");
    System.out.println(FilesThreads.start(() -> all(file, copy)).end());
    many(directory, file);
    broken(file, copy, "interrupt of a copy");
    broken(file, copy, "close of its source");
    broken(file, copy, "close of its target");
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
    System.out.println("done");
    System.in.read();
  }

  private static String all(Path file, Path copy) throws Exception {
    for (int size : SIZES) {
      for (boolean cached : new boolean[] {true, false}) {
        System.out.println(size + " bytes" + (cached ? ", cached" : ""));
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        Files.write(file, data);
        Subject subject = new Subject(file, copy, data, cached);
        channels(subject);
        streams(subject);
        files(subject);
        socket(subject);
      }
    }
    errors(file, copy);
    return "all";
  }

  /** A file with these bytes, and where to copy it to. */
  private record Subject(Path file, Path copy, byte[] data, boolean cached) {
    Subject prepare() throws Exception {
      Files.deleteIfExists(copy);
      if (!cached) {
        new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      }
      return this;
    }

    /** Whether the copy has of each that byte which is so much further on in the file. */
    String isFrom(int from, int at) throws Exception {
      byte[] copied = Files.readAllBytes(copy);
      return Arrays.equals(copied, at, copied.length, data, from, from + copied.length - at)
          ? " as written " + copied.length
          : " NOT AS WRITTEN " + copied.length;
    }
  }

  private static void channels(Subject subject) throws Exception {
    int size = subject.data.length;
    subject.prepare();
    try (FileChannel from = FileChannel.open(subject.file, READ);
        FileChannel to = FileChannel.open(subject.copy, CREATE, WRITE)) {
      System.out.println("to " + from.transferTo(0, size, to) + subject.isFrom(0, 0));
      System.out.println(from.position() + " " + to.position());
      System.out.println("past " + from.transferTo(size, 9, to) + from.transferTo(size + 9, 9, to));
    }
    subject.prepare();
    try (FileChannel from = FileChannel.open(subject.file, READ);
        FileChannel to = FileChannel.open(subject.copy, CREATE, WRITE, APPEND)) {
      System.out.println("append " + from.transferTo(size / 2, Long.MAX_VALUE, to));
      System.out.println(subject.isFrom(size / 2, 0) + " " + to.position());
    }
    subject.prepare();
    try (FileChannel from = FileChannel.open(subject.file, READ);
        FileChannel to = FileChannel.open(subject.copy, CREATE, WRITE)) {
      from.position(size / 3);
      System.out.println("from " + to.transferFrom(from, 0, size) + subject.isFrom(size / 3, 0));
      System.out.println(from.position() + " " + to.position());
      System.out.println("past " + to.transferFrom(from, 0, 9) + to.transferFrom(from, size, 9));
    }
  }

  private static void streams(Subject subject) throws Exception {
    subject.prepare();
    try (FileInputStream from = new FileInputStream(subject.file.toFile());
        FileOutputStream to = new FileOutputStream(subject.copy.toFile())) {
      from.skip(7);
      System.out.println("stream " + from.transferTo(to));
      System.out.println(from.getChannel().position() + " " + to.getChannel().position());
      System.out.println(subject.isFrom(Math.min(7, subject.data.length), 0));
    }
  }

  private static void files(Subject subject) throws Exception {
    subject.prepare();
    Files.copy(subject.file, subject.copy);
    System.out.println("Files " + subject.isFrom(0, 0));
    tell("again", () -> Files.copy(subject.file, subject.copy));
    Files.copy(subject.file, subject.copy, REPLACE_EXISTING, COPY_ATTRIBUTES);
    System.out.println("replaced " + subject.isFrom(0, 0));
    System.out.println(
        Files.getLastModifiedTime(subject.file).equals(Files.getLastModifiedTime(subject.copy)));
    subject.prepare();
    try (FileOutputStream to = new FileOutputStream(subject.copy.toFile())) {
      System.out.println("to stream " + Files.copy(subject.file, to) + subject.isFrom(0, 0));
    }
    subject.prepare();
    try (FileInputStream from = new FileInputStream(subject.file.toFile())) {
      System.out.println("from stream " + Files.copy(from, subject.copy) + subject.isFrom(0, 0));
    }
  }

  private static void socket(Subject subject) throws Exception {
    subject.prepare();
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        FileChannel from = FileChannel.open(subject.file, READ)) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      FilesThreads reader = FilesThreads.start(() -> readAll(listener.getLocalAddress()));
      try (SocketChannel to = listener.accept()) {
        long sent = 0;
        while (sent < subject.data.length) {
          sent += from.transferTo(sent, subject.data.length, to);
        }
        System.out.println("socket " + sent);
      }
      System.out.println(reader.end() + " " + Arrays.hashCode(subject.data));
    }
  }

  private static String readAll(java.net.SocketAddress address) throws Exception {
    try (SocketChannel channel = SocketChannel.open(address)) {
      ByteBuffer to = ByteBuffer.allocate(1 << 20);
      while (channel.read(to) >= 0) {
        Thread.onSpinWait();
      }
      return to.position() + " " + Arrays.hashCode(Arrays.copyOf(to.array(), to.position()));
    }
  }

  private static void errors(Path file, Path copy) throws Exception {
    tell("none", () -> Files.copy(file.resolveSibling("none"), copy, REPLACE_EXISTING));
    try (FileChannel from = FileChannel.open(file, READ);
        FileChannel full = FileChannel.open(Path.of("/dev/full"), WRITE)) {
      tell("not to be written", () -> from.transferTo(0, 9, from));
      tell("not from there", () -> from.transferFrom(from, 0, 9));
      tell("not to be read", () -> full.transferTo(0, 9, full));
      tell("negative", () -> from.transferTo(-1, 9, full));
      tell("full", () -> from.transferTo(0, 300_001, full));
    }
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      FileChannel both = access.getChannel();
      System.out.println("to itself " + both.transferTo(0, 100_000, both.position(100_000)));
      System.out.println(Arrays.hashCode(Files.readAllBytes(file)));
    }
    smallDisk(file, file.resolveSibling("disk"));
  }

  /** A disk that is soon full, where it can be had: it takes root. */
  private static void smallDisk(Path file, Path directory) throws Exception {
    Files.createDirectory(directory);
    if (run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString()) != 0) {
      System.out.println("no small disk: cannot mount");
      return;
    }
    Path copy = directory.resolve("copy");
    try (FileChannel from = FileChannel.open(file, READ);
        FileChannel to = FileChannel.open(copy, CREATE, WRITE)) {
      tell("fits in part", () -> from.transferTo(0, 300_001, to));
      tell("full", () -> from.transferTo(0, 300_001, to));
      Files.delete(copy);
      tell("full", () -> Files.copy(file, copy));
      System.out.println("left " + Files.exists(copy));
    } finally {
      run("umount", directory.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static void many(Path directory, Path file) throws Exception {
    byte[] data = Files.readAllBytes(file);
    List<FilesThreads> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Path copy = directory.resolve("copy" + i);
      threads.add(FilesThreads.start(() -> Files.copy(file, copy).getFileName()));
    }
    for (int i = 0; i < THREADS; i++) {
      System.out.println(threads.get(i).end());
      if (!Arrays.equals(data, Files.readAllBytes(directory.resolve("copy" + i)))) {
        System.out.println("NOT AS WRITTEN");
      }
    }
  }

  /** While one thread copies a large file, again and again. */
  private static void broken(Path file, Path copy, String how) throws Exception {
    Files.deleteIfExists(copy);
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(LONG);
    }
    try (FileChannel from = FileChannel.open(file, READ);
        FileChannel to = FileChannel.open(copy, CREATE, WRITE)) {
      FilesThreads copier = FilesThreads.start(() -> copyForever(from, to));
      FilesThreads.until("copies", () -> copy.toFile().length() > 0);
      switch (how) {
        case "close of its source" -> from.close();
        case "close of its target" -> to.close();
        default -> copier.thread().interrupt();
      }
      System.out.println(how + ": " + copier.end() + " " + from.isOpen() + to.isOpen());
    }
  }

  private static int copyForever(FileChannel from, FileChannel to) throws Exception {
    for (; ; ) {
      from.transferTo(0, LONG, to.position(0));
    }
  }

  private static void tell(String name, Callable<?> call) {
    String text = TransparencyWatch.outcome(call);
    System.out.println(name + ": " + text.replaceAll("/[^ ]*files[0-9]+", "directory"));
  }
}
