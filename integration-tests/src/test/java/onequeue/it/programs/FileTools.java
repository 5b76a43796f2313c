package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static onequeue.it.programs.BadFiles.tell;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What programs use above streams and channels: {@link Files}, transfers, mapped and compressed
 * files, a file system in a file, and asynchronous channels with their own threads.
 */
public final class FileTools {
  private static final byte[] DATA = new byte[3_000_001];
  private static final int PARTS = 50;
  private static final int PART = DATA.length / PARTS;
  private static final int LINES = 20_000;

  private FileTools() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    new Random(7).nextBytes(DATA);
    // Not in the usual place for such, which is often in memory.
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bad");
    System.out.println(FilesThreads.start(() -> all(directory)).end());
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    }
    System.out.println("left " + Files.exists(directory));
  }

  private static String all(Path directory) throws Exception {
    whole(directory);
    lines(directory);
    copies(directory);
    transfers(directory);
    mapped(directory.resolve("mapped"));
    tree(directory.resolve("tree"));
    packed(directory);
    futures(directory.resolve("async"));
    handlers(directory.resolve("handlers"));
    closed(directory.resolve("closed"));
    return "all";
  }

  private static void whole(Path directory) throws Exception {
    Path file = directory.resolve("whole");
    Files.write(file, DATA);
    System.out.println("whole " + Arrays.equals(Files.readAllBytes(file), DATA));
    Files.write(file, new byte[] {1, 2, 3}, APPEND);
    System.out.println("appended " + Files.size(file));
    Files.writeString(file, "Grüße, 世界");
    System.out.println(Files.readString(file) + " " + Files.size(file));
    tell("not UTF-8", () -> Files.readString(Files.write(file, new byte[] {(byte) 0xff})));
    tell("none", () -> Files.readAllBytes(directory.resolve("none")).length);
    tell("a directory", () -> Files.readAllBytes(directory).length);
    tell("exists", () -> Files.createFile(file));
    System.out.println("version " + Files.readString(Path.of("/proc/version")).startsWith("Linux"));
  }

  private static void lines(Path directory) throws Exception {
    Path file = directory.resolve("lines");
    List<String> written = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      written.add("line " + i);
    }
    Files.write(file, written);
    System.out.println("lines " + Files.readAllLines(file).equals(written));
    try (Stream<String> lines = Files.lines(file)) {
      System.out.println(lines.filter(line -> line.endsWith("77")).count());
    }
    try (Stream<String> lines = Files.lines(file)) {
      System.out.println(lines.parallel().mapToInt(String::length).sum());
    }
    try (Stream<String> lines = Files.lines(file)) {
      System.out.println(lines.skip(19_998).findFirst());
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      System.out.println(reader.readLine() + reader.lines().count() + reader.readLine());
    }
  }

  private static void copies(Path directory) throws Exception {
    Path from = Files.write(directory.resolve("from"), DATA);
    Path to = directory.resolve("to");
    System.out.println("copied " + Files.mismatch(from, Files.copy(from, to)));
    tell("there", () -> Files.copy(from, to));
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    System.out.println(Files.getLastModifiedTime(from).equals(Files.getLastModifiedTime(to)));
    try (OutputStream out = new FileOutputStream(to.toFile())) {
      System.out.println("out " + Files.copy(from, out) + " " + Files.mismatch(from, to));
    }
    try (InputStream in = new FileInputStream(from.toFile())) {
      System.out.println("in " + in.skip(10) + " " + in.available());
      System.out.println(Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING));
    }
    System.out.println("mismatch " + (Files.mismatch(from, to) >= 0));
    Path moved = directory.resolve("moved");
    Files.move(to, moved, StandardCopyOption.ATOMIC_MOVE);
    System.out.println(Files.exists(to) + " " + Files.size(moved));
    Files.setPosixFilePermissions(moved, PosixFilePermissions.fromString("r--r-----"));
    System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(moved)));
    Path link = Files.createSymbolicLink(directory.resolve("link"), moved.getFileName());
    System.out.println(Files.readSymbolicLink(link) + " " + Files.isSameFile(link, moved));
  }

  private static void transfers(Path directory) throws Exception {
    Path from = Files.write(directory.resolve("from"), DATA);
    Path to = directory.resolve("transferred");
    try (InputStream in = new FileInputStream(from.toFile());
        OutputStream out = new FileOutputStream(to.toFile())) {
      System.out.println("stream " + in.transferTo(out) + " " + in.read());
    }
    System.out.println(Files.mismatch(from, to));
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = Files.newOutputStream(to)) {
      System.out.println("channels " + in.skip(1) + in.transferTo(out) + " " + Files.size(to));
    }
    try (InputStream in = Files.newInputStream(from)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      System.out.println(in.transferTo(out) + " " + Arrays.equals(out.toByteArray(), DATA));
    }
    try (FileChannel in = FileChannel.open(from, READ);
        FileChannel out = FileChannel.open(to, READ, WRITE)) {
      System.out.println("to " + in.transferTo(100, 2_000_000, out) + " " + out.position());
      System.out.println("from " + out.transferFrom(in.position(7), 5, 2_500_000) + out.size());
      System.out.println("past " + in.transferTo(DATA.length + 1, 10, out));
      ByteBuffer some = ByteBuffer.allocate(1000);
      System.out.println(
          out.read(some, 5) + " " + Arrays.equals(some.array(), 0, 1000, DATA, 7, 1007));
    }
  }

  private static void mapped(Path file) throws Exception {
    try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, DATA.length);
      map.put(DATA);
      map.force();
      ByteBuffer read = ByteBuffer.allocate(DATA.length);
      System.out.println("mapped " + channel.read(read) + Arrays.equals(read.array(), DATA));
      channel.write(ByteBuffer.wrap(new byte[] {42}), 1_000_000);
      System.out.println(map.get(1_000_000) + " " + channel.size());
    }
  }

  private static void tree(Path top) throws Exception {
    for (int i = 0; i < 20; i++) {
      Path directory = Files.createDirectories(top.resolve("a" + i % 4).resolve("b" + i));
      Files.writeString(directory.resolve("file" + i), "x".repeat(i));
    }
    try (Stream<Path> walk = Files.walk(top);
        Stream<Path> found = Files.find(top, 9, (path, of) -> of.isRegularFile());
        Stream<Path> list = Files.list(top)) {
      System.out.println(
          "tree " + walk.count() + " " + list.sorted().map(Path::getFileName).toList());
      System.out.println(found.mapToLong(path -> path.toFile().length()).sum());
    }
    tell("not empty", () -> Files.deleteIfExists(top));
  }

  private static void packed(Path directory) throws Exception {
    Path zipped = directory.resolve("file.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(DATA);
    }
    try (InputStream in = new GZIPInputStream(new FileInputStream(zipped.toFile()))) {
      System.out.println("gz " + Arrays.equals(in.readAllBytes(), DATA));
    }
    Path zip = directory.resolve("file.zip");
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.write(inside.getPath("/entry"), DATA);
    }
    try (FileSystem inside = FileSystems.newFileSystem(zip)) {
      System.out.println("zip " + Arrays.equals(Files.readAllBytes(inside.getPath("entry")), DATA));
    }
  }

  /** All parts at once, by futures. */
  private static void futures(Path file) throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, CREATE, READ, WRITE)) {
      List<Future<Integer>> written = new ArrayList<>();
      for (int i = 0; i < PARTS; i++) {
        written.add(channel.write(ByteBuffer.wrap(DATA, i * PART, PART), (long) i * PART));
      }
      int sum = 0;
      for (Future<Integer> each : written) {
        sum += each.get();
      }
      channel.force(true);
      System.out.println("async " + sum + " " + channel.size());
      List<ByteBuffer> parts = new ArrayList<>();
      List<Future<Integer>> read = new ArrayList<>();
      for (int i = 0; i < PARTS; i++) {
        parts.add(i % 2 == 0 ? ByteBuffer.allocate(PART) : ByteBuffer.allocateDirect(PART));
        read.add(channel.read(parts.get(i), (long) i * PART));
      }
      boolean same = true;
      for (int i = 0; i < PARTS; i++) {
        same &= read.get(i).get() == PART;
        same &= parts.get(i).flip().equals(ByteBuffer.wrap(DATA, i * PART, PART));
      }
      System.out.println("same " + same);
      System.out.println("end " + channel.read(ByteBuffer.allocate(9), PARTS * PART).get());
      tell("negative", () -> channel.read(ByteBuffer.allocate(9), -1));
      System.out.println("truncated " + channel.truncate(10).size());
      try (FileLock lock = channel.lock().get()) {
        System.out.println("lock " + lock.isValid() + lock.isShared());
        tell("overlapping", () -> channel.lock().get());
      }
    }
  }

  /** Own threads of the channel's, which go on in the handler. */
  private static void handlers(Path file) throws Exception {
    Files.write(file, DATA);
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, Set.of(READ), executor)) {
      CompletableFuture<String> whole = new CompletableFuture<>();
      ByteBuffer to = ByteBuffer.allocate(DATA.length);
      channel.read(
          to,
          0,
          "attached",
          new CompletionHandler<Integer, String>() {
            @Override
            public void completed(Integer count, String attached) {
              if (to.hasRemaining()) {
                channel.read(to, to.position(), attached, this);
              } else {
                whole.complete(attached + " " + Arrays.equals(to.array(), DATA));
              }
            }

            @Override
            public void failed(Throwable failure, String attached) {
              whole.completeExceptionally(failure);
            }
          });
      System.out.println("handler " + whole.get(1, TimeUnit.MINUTES));
      tell("read only", () -> channel.write(ByteBuffer.allocate(1), 0).get());
    } finally {
      executor.shutdown();
      System.out.println("executor " + executor.awaitTermination(1, TimeUnit.MINUTES));
    }
  }

  private static void closed(Path file) throws Exception {
    Files.write(file, DATA);
    AsynchronousFileChannel channel = AsynchronousFileChannel.open(file);
    channel.close();
    tell("closed", () -> channel.read(ByteBuffer.allocate(9), 0).get());
    tell("size", channel::size);
    tell("open", channel::isOpen);
    InputStream in = Files.newInputStream(file);
    in.close();
    tell("stream", in::read);
    tell("none", () -> AsynchronousFileChannel.open(file.resolveSibling("none")));
    // An interrupted thread: the channel below a stream closes, a java.io stream minds nothing.
    tell("interrupted", () -> interrupted(Files.newInputStream(file)));
    tell("interrupted", () -> interrupted(new FileInputStream(file.toFile())));
  }

  private static int interrupted(InputStream stream) throws Exception {
    try (stream) {
      Thread.currentThread().interrupt();
      return stream.read(new byte[100]);
    }
  }
}
