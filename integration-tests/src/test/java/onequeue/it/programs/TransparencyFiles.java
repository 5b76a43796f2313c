package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Files, the file watcher, child processes and standard input. */
public final class TransparencyFiles {
  private static final int SIZE = 3 << 20;

  private TransparencyFiles() {}

  /** Prints what each call gave. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("files");
    Path file = directory.resolve("file");
    readAndWrite(file);
    transfers(file);
    watch(directory);
    process();
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static void readAndWrite(Path file) throws Exception {
    ByteBuffer block = ByteBuffer.allocateDirect(SIZE);
    FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
    System.out.println("write " + channel.write(block) + " " + channel.position());
    block.flip();
    System.out.println("pwrite " + channel.write(block, 7) + " " + channel.size());
    ByteBuffer[] two = {ByteBuffer.allocate(5), ByteBuffer.allocateDirect(6)};
    System.out.println("gather " + channel.write(two) + " " + channel.position());
    channel.force(true);
    channel.force(false);
    channel.position(0);
    Arrays.stream(two).forEach(ByteBuffer::flip);
    System.out.println("scatter " + channel.read(two) + " " + channel.position());
    block.clear();
    System.out.println("read " + channel.read(block) + " " + channel.position());
    System.out.println("pread " + channel.read(ByteBuffer.allocate(9), SIZE + 9));
    System.out.println("end " + channel.read(ByteBuffer.allocate(9), SIZE + 99));
    System.out.println("empty " + channel.read(ByteBuffer.allocate(0)));
    System.out.println("lock " + channel.lock().isShared());
  }

  private static void transfers(Path file) throws Exception {
    FileChannel readOnly = FileChannel.open(file, READ);
    tell("write to read-only", () -> readOnly.write(ByteBuffer.allocate(1)));
    tell("negative", () -> readOnly.read(ByteBuffer.allocate(1), -1));
    tell("no such file", () -> FileChannel.open(file.resolveSibling("none"), READ));
    tell("read of a directory", () -> readByte(file.getParent()));
    SocketChannel[] pair = TransparencyOps.tcp();
    TransparencyWatch reader =
        TransparencyWatch.start(() -> Channels.newInputStream(pair[1]).readAllBytes().length);
    long sent = 0;
    for (long n = 1; n > 0; sent += n) {
      n = readOnly.transferTo(sent, Long.MAX_VALUE, pair[0]);
    }
    pair[0].close();
    System.out.println("transferTo " + sent + " " + reader.end());
    FileChannel copy = FileChannel.open(file.resolveSibling("copy"), CREATE, WRITE);
    System.out.println("copy " + readOnly.transferTo(0, SIZE, copy));
    System.out.println("from " + copy.transferFrom(readOnly, SIZE, 100));
    tell("closed target", () -> readOnly.transferTo(0, 9, pair[0]));
    Thread.currentThread().interrupt();
    tell("interrupted read", () -> readOnly.read(ByteBuffer.allocate(1)));
    tell("closed", () -> readOnly.read(ByteBuffer.allocate(1)));
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.write(new byte[99]);
      access.getFD().sync();
      System.out.println("access " + access.getFilePointer() + " " + access.read());
    }
    try (AsynchronousFileChannel async = AsynchronousFileChannel.open(file, READ)) {
      System.out.println("async " + async.read(ByteBuffer.allocate(9), 0).get());
    }
  }

  private static Object readByte(Path path) throws Exception {
    try (FileChannel channel = FileChannel.open(path, READ)) {
      return channel.read(ByteBuffer.allocate(1));
    }
  }

  private static void watch(Path directory) throws Exception {
    WatchService watcher = directory.getFileSystem().newWatchService();
    WatchKey key = directory.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
    TransparencyWatch taker = TransparencyWatch.start(() -> watcher.take() == key);
    System.out.println("watch " + taker.blocked());
    Path made = Files.createFile(directory.resolve("made"));
    System.out.println("take " + taker.end());
    key.pollEvents().forEach(e -> System.out.println(e.kind() + " " + e.context()));
    System.out.println("reset " + key.reset() + " " + watcher.poll(9, TimeUnit.MILLISECONDS));
    Files.delete(made);
    WatchKey again = watcher.poll(20, TimeUnit.SECONDS);
    again.pollEvents().forEach(e -> System.out.println(e.kind() + " " + e.context()));
    again.reset();
    TransparencyWatch closed = TransparencyWatch.start(watcher::take);
    closed.blocked();
    watcher.close();
    System.out.println("close " + closed.end() + " " + key.isValid());
  }

  private static void process() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    TransparencyWatch waiter = TransparencyWatch.start(cat::waitFor);
    TransparencyWatch reader = TransparencyWatch.start(() -> cat.inputReader().readLine());
    System.out.println("process " + waiter.blocked() + " " + reader.blocked());
    cat.getOutputStream().write("through\n".getBytes());
    cat.getOutputStream().close();
    System.out.println(reader.end() + " " + waiter.end());
    System.out.println("no limit " + cat.waitFor(1, TimeUnit.MILLISECONDS) + cat.exitValue());
    System.out.println("standard input " + System.in.read());
  }

  private static void tell(String name, Callable<?> call) {
    String text = TransparencyWatch.outcome(call);
    System.out.println(name + ": " + text.replaceAll("/[^ ]*files[0-9]+", "directory"));
  }
}
