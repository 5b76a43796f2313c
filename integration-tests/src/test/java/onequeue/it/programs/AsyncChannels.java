package onequeue.it.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Asynchronous channels in the default group and in groups of the program's own; prints what their
 * users get. Then leaves one group of each kind with a read under way until standard input is
 * closed.
 */
public final class AsyncChannels {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();
  private static final int BYTES = 4 << 20;
  private static final long PATIENCE_SECONDS = 30;

  private AsyncChannels() {}

  public static void main(String[] args) throws Exception {
    sockets("default", null);
    for (String kind : new String[] {"fixed", "cached", "pool"}) {
      AsynchronousChannelGroup group = group(kind);
      sockets(kind, group);
      shutdown(kind, group);
    }
    files();
    Pair[] idle = {new Pair(null), new Pair(group("fixed")), new Pair(group("cached"))};
    for (Pair pair : idle) {
      pair.near.read(ByteBuffer.allocate(1));
    }
    System.out.println("waiting");
    System.in.read();
    for (Pair pair : idle) {
      pair.close();
    }
    System.exit(0); // the groups' threads are not daemons
  }

  private static AsynchronousChannelGroup group(String kind) throws IOException {
    return switch (kind) {
      case "fixed" ->
          AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
      case "cached" ->
          AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(), 1);
      default -> AsynchronousChannelGroup.withThreadPool(Executors.newFixedThreadPool(2));
    };
  }

  private static void sockets(String group, AsynchronousChannelGroup of) throws Exception {
    try (Pair pair = new Pair(of)) {
      show(group + " write", () -> pair.near.write(ByteBuffer.allocate(5)).get());
      show(group + " read", () -> pair.far.read(ByteBuffer.allocate(9)).get());
      waits(
          group + " read that waits",
          () -> pair.far.read(ByteBuffer.allocate(9)).get(),
          () -> pair.near.write(ByteBuffer.allocate(3)));
      show(group + " all", () -> all(pair));
    }
    try (Pair pair = new Pair(of)) {
      CompletableFuture<Integer> read = new CompletableFuture<>();
      pair.near.read(ByteBuffer.allocate(1), 30, TimeUnit.MILLISECONDS, read, new Into<>());
      show(group + " timed out", () -> read.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      show(group + " again", () -> pair.near.read(ByteBuffer.allocate(1)).get());
    }
    Pair closed = new Pair(of);
    waits(
        group + " closed",
        () -> closed.near.read(ByteBuffer.allocate(1)).get(),
        closed.near::close);
    show(group + " end", () -> closed.far.read(ByteBuffer.allocate(1)).get());
    closed.close();
    AsynchronousServerSocketChannel server = listener(of);
    waits(group + " accept closed", () -> server.accept().get(), server::close);
    try (AsynchronousServerSocketChannel other = listener(of)) {
      waits(group + " accept", () -> other.accept().get().isOpen(), () -> connect(of, other));
      waits(group + " interrupted", () -> other.accept().get(), null);
    }
  }

  /** Large writes and reads, each begun by the handler of the one before. */
  private static String all(Pair pair) throws Exception {
    ByteBuffer from = ByteBuffer.allocate(BYTES);
    ByteBuffer to = ByteBuffer.allocate(BYTES);
    CompletableFuture<Integer> written = new CompletableFuture<>();
    CompletableFuture<Integer> read = new CompletableFuture<>();
    pair.near.write(from, from, new Onward(written, pair.near, true));
    pair.far.read(to, to, new Onward(read, pair.far, false));
    return written.get(PATIENCE_SECONDS, TimeUnit.SECONDS)
        + " "
        + read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static void shutdown(String kind, AsynchronousChannelGroup group) throws Exception {
    Pair pair = new Pair(group);
    waits(
        kind + " shut down",
        () -> pair.near.read(ByteBuffer.allocate(1)).get(),
        group::shutdownNow);
    show(kind + " ended", () -> group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    show(kind + " is over", () -> group.isShutdown() + " " + group.isTerminated());
    show(kind + " open", () -> AsynchronousSocketChannel.open(group));
  }

  private static void files() throws Exception {
    ExecutorService own = Executors.newFixedThreadPool(1);
    Path path = Files.createTempFile("async", ".bin");
    file("default executor", path, null);
    file("own executor", path, own);
    own.shutdown();
    Files.delete(path);
  }

  private static void file(String name, Path path, ExecutorService executor) throws Exception {
    Set<StandardOpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    AsynchronousFileChannel file = AsynchronousFileChannel.open(path, options, executor);
    show(name + " write", () -> file.write(ByteBuffer.allocate(BYTES), 0).get());
    show(name + " read", () -> file.read(ByteBuffer.allocate(9), BYTES - 4).get());
    CompletableFuture<Integer> read = new CompletableFuture<>();
    file.read(ByteBuffer.allocate(9), BYTES, read, new Into<>());
    show(name + " end", () -> read.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    show(name + " lock", () -> file.lock().get().isValid());
    show(name + " lock again", () -> file.lock().get());
    show(
        name + " force",
        () -> {
          file.force(true);
          return file.size();
        });
    file.close();
    show(name + " closed", () -> file.read(ByteBuffer.allocate(9), 0).get());
  }

  private static AsynchronousServerSocketChannel listener(AsynchronousChannelGroup group)
      throws IOException {
    return AsynchronousServerSocketChannel.open(group).bind(new InetSocketAddress(HOST, 0));
  }

  private static AsynchronousSocketChannel connect(
      AsynchronousChannelGroup group, AsynchronousServerSocketChannel server) throws Exception {
    AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
    channel.connect(server.getLocalAddress()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return channel;
  }

  private static void show(String name, Callable<?> call) throws Exception {
    System.out.println(name + ": " + FilesThreads.start(() -> plain(call)).end());
  }

  /** What ends a call that waits; null to interrupt its thread. */
  private interface Ender {
    void end() throws Exception;
  }

  private static void waits(String name, Callable<?> call, Ender ender) throws Exception {
    FilesThreads waiter = FilesThreads.start(() -> plain(call));
    TransparencyWatch.settle(waiter.thread());
    if (ender == null) {
      waiter.thread().interrupt();
    } else {
      ender.end();
    }
    System.out.println(name + ": " + waiter.end());
  }

  /** Without the numbers of objects. */
  private static String plain(Callable<?> call) throws Exception {
    return String.valueOf(call.call()).replaceAll("@[0-9a-f]+", "");
  }

  /** Two ends of a connection, the far one accepted in the same group. */
  private static final class Pair implements AutoCloseable {
    private final AsynchronousSocketChannel near;
    private final AsynchronousSocketChannel far;

    private Pair(AsynchronousChannelGroup group) throws Exception {
      try (AsynchronousServerSocketChannel server = listener(group)) {
        Future<AsynchronousSocketChannel> accepted = server.accept();
        near = connect(group, server);
        far = accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }

  /** Hands the result on. */
  private static final class Into<T> implements CompletionHandler<T, CompletableFuture<T>> {
    @Override
    public void completed(T result, CompletableFuture<T> future) {
      future.complete(result);
    }

    @Override
    public void failed(Throwable thrown, CompletableFuture<T> future) {
      future.completeExceptionally(thrown);
    }
  }

  /** Goes on until the buffer has nothing left. */
  private record Onward(
      CompletableFuture<Integer> end, AsynchronousSocketChannel channel, boolean writes)
      implements CompletionHandler<Integer, ByteBuffer> {
    @Override
    public void completed(Integer count, ByteBuffer buffer) {
      if (!buffer.hasRemaining()) {
        end.complete(buffer.position());
      } else if (writes) {
        channel.write(buffer, buffer, this);
      } else {
        channel.read(buffer, buffer, this);
      }
    }

    @Override
    public void failed(Throwable thrown, ByteBuffer buffer) {
      end.completeExceptionally(thrown);
    }
  }
}
