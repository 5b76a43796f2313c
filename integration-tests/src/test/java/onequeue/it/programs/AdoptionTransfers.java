package onequeue.it.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Transfers of a file into a socket whose peer does not read for a while, each in a thread. */
public final class AdoptionTransfers {
  private static final int MUCH = 24 << 20;

  private final FileChannel file;
  private final SocketChannel near;
  private final SocketChannel far;

  private AdoptionTransfers(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(server.getLocalAddress());
      far = server.accept();
    }
  }

  /** Prints what the calls gave. */
  public static void main(String[] args) throws Exception {
    Path path = Files.createTempFile("adoption", "transfers");
    Files.write(path, new byte[MUCH]);
    try {
      new AdoptionTransfers(path).all();
      new AdoptionTransfers(path).beyondTheEnd();
      if (Runtime.version().feature() > 17) { // where a close does not end the transfer
        new AdoptionTransfers(path).socketClosed();
      }
      new AdoptionTransfers(path).interrupted();
      new AdoptionTransfers(path).fileClosed();
      new AdoptionTransfers(path).reset();
      new AdoptionTransfers(path).nonBlocking();
    } finally {
      Files.delete(path);
    }
  }

  private void all() throws Exception {
    TransparencyWatch sender = begin("all", 0, MUCH);
    System.out.println(received(MUCH) + " of " + sender.end());
    close();
  }

  private void beyondTheEnd() throws Exception {
    TransparencyWatch sender = begin("beyond the end", 17, MUCH);
    System.out.println(received(MUCH - 17) + " of " + sender.end());
    close();
  }

  private void socketClosed() throws Exception {
    TransparencyWatch sender = begin("socket closed", 0, MUCH);
    near.close();
    tell(sender);
  }

  private void interrupted() throws Exception {
    TransparencyWatch sender = begin("interrupted", 0, MUCH);
    sender.thread().interrupt();
    tell(sender);
  }

  private void fileClosed() throws Exception {
    TransparencyWatch sender = begin("file closed", 0, MUCH);
    file.close();
    tell(sender);
  }

  private void reset() throws Exception {
    TransparencyWatch sender = begin("reset", 0, MUCH);
    far.setOption(StandardSocketOptions.SO_LINGER, 0);
    far.close();
    tell(sender);
  }

  /** Gives what there was room for. */
  private void nonBlocking() throws Exception {
    near.configureBlocking(false);
    tell(TransparencyWatch.start(() -> part(file.transferTo(0, MUCH, near))));
  }

  private TransparencyWatch begin(String name, long from, long count) {
    TransparencyWatch sender =
        TransparencyWatch.start(
            () -> {
              near.read(ByteBuffer.allocate(0));
              return part(file.transferTo(from, count, near));
            });
    sender.blocked();
    System.out.println(name + ": waits " + sender.thread().isAlive());
    return sender;
  }

  /** How much it is depends on the kernel's buffers. */
  private static String part(long bytes) {
    return bytes > 0 && bytes < MUCH - 17 ? "a part" : String.valueOf(bytes);
  }

  private long received(long all) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long sum = 0;
    for (int n; sum < all && (n = far.read(buffer.clear())) >= 0; ) {
      sum += n;
    }
    return sum;
  }

  private void tell(TransparencyWatch sender) throws Exception {
    System.out.println(sender.end() + ", open " + file.isOpen() + near.isOpen());
    close();
  }

  private void close() throws IOException {
    file.close();
    near.close();
    far.close();
  }
}
