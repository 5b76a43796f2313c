package onequeue.it.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;

/** A connection with itself, and what its near end has to give. */
final class WalkConnection {
  private static final int PIECE = 32;
  private static final int UNREAD_MOST = 8 * 1024;

  private final Random random;
  private final SocketChannel near;
  private final SocketChannel far;
  private int sent;
  private int received;
  private boolean ended;
  private boolean reset;

  WalkConnection(Random random) throws IOException {
    this.random = random;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      far = SocketChannel.open(server.getLocalAddress());
      near = server.accept();
    }
    near.configureBlocking(false);
  }

  SocketChannel channel() {
    return near;
  }

  boolean expects(SelectionKey key) {
    boolean readable = sent > received || ended || reset;
    boolean any = reset && key.interestOps() != 0;
    return any
        || (readable && (key.interestOps() & SelectionKey.OP_READ) != 0)
        || (key.interestOps() & SelectionKey.OP_WRITE) != 0;
  }

  String send() throws IOException {
    if (ended || reset || sent - received > UNREAD_MOST) {
      return "nothing";
    }
    ByteBuffer bytes = ByteBuffer.allocate(1 + random.nextInt(2 * PIECE));
    while (bytes.hasRemaining()) {
      bytes.put((byte) sent++);
    }
    far.write(bytes.flip());
    return "send";
  }

  String end() throws IOException {
    if (!ended && !reset) {
      ended = true;
      far.shutdownOutput();
    }
    return "end";
  }

  /** With unread data, or without; it is lost either way. */
  String reset() throws IOException {
    if (!ended && !reset) {
      reset = true;
      far.setOption(StandardSocketOptions.SO_LINGER, 0);
      far.close();
    }
    return "reset";
  }

  /** Once; what is there may take several. */
  String read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1 + random.nextInt(PIECE));
    if (reset) {
      return "nothing"; // to read the error would end the readiness: it can be read once
    }
    int n = near.read(bytes);
    while (n == 0 && (sent > received || ended)) {
      n = near.read(bytes);
    }
    took(bytes, n);
    return "read";
  }

  String readElsewhere() throws Exception {
    Throwable[] thrown = new Throwable[1];
    Thread reader =
        new Thread(
            () -> {
              try {
                read();
              } catch (Throwable e) {
                thrown[0] = e;
              }
            });
    reader.start();
    reader.join();
    if (thrown[0] != null) {
      throw new AssertionError(thrown[0]);
    }
    return "read in another thread";
  }

  /** Its keys are cancelled. */
  String readBlocking() throws IOException {
    if (!reset && (sent > received || ended)) {
      near.configureBlocking(true);
      ByteBuffer bytes = ByteBuffer.allocate(1 + random.nextInt(2 * PIECE));
      took(bytes, near.read(bytes));
      near.configureBlocking(false);
    }
    return "read, blocking";
  }

  private void took(ByteBuffer bytes, int n) {
    boolean nothingMore = sent == received;
    if (n < 0 ? !(ended && nothingMore) : n > sent - received) {
      throw new AssertionError("read " + n + " where " + (sent - received) + " are left");
    }
    bytes.flip();
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next != (byte) received++) {
        throw new AssertionError("read " + next + " at " + received);
      }
    }
  }

  String register(Selector selector) throws IOException {
    if (near.keyFor(selector) == null) {
      near.register(selector, SelectionKey.OP_READ, this);
    }
    return "register";
  }

  /** 0 to 3: none, read, write, both. */
  String interest(Selector selector, int which) throws IOException {
    SelectionKey key = near.keyFor(selector);
    if (key == null) {
      key = near.register(selector, 0, this);
    }
    key.interestOps(
        ((which & 1) != 0 ? SelectionKey.OP_READ : 0)
            | ((which & 2) != 0 ? SelectionKey.OP_WRITE : 0));
    return "interest " + key.interestOps();
  }

  /** Without a trace: thousands of connections at rest would slow down all that follow. */
  void close() throws IOException {
    near.close();
    if (far.isOpen()) {
      far.setOption(StandardSocketOptions.SO_LINGER, 0);
      far.close();
    }
  }
}
