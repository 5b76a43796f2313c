package onequeue.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One connection with at most one request under way. Only the loading thread uses it. */
final class LoadConnection {
  private static final int CONNECT_TIMEOUT_MILLIS = 5000;

  private final int port;
  private final Selector selector;
  private final Inbox inbox;
  private SocketChannel channel;
  private long askedAtNanos;
  private boolean asked;

  /** What came of a head that is not complete, which is rare; else null. */
  private byte[] partialHead;

  private boolean inBody;
  private long bodyLeft;
  private int status;
  private boolean serverCloses;

  /** Where all connections put what they read; its content is nobody's. */
  static final class Inbox {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final byte[] head = new byte[ResponseScanner.LONGEST_HEAD_BYTES];
    private final ResponseScanner scanner = new ResponseScanner();
  }

  LoadConnection(int port, Selector selector, Inbox inbox) {
    this.port = port;
    this.selector = selector;
    this.inbox = inbox;
  }

  void open() throws IOException {
    channel = SocketChannel.open();
    channel
        .socket()
        .connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.register(selector, SelectionKey.OP_READ, this);
    serverCloses = false;
  }

  /** A new connection in place of this one, whatever was under way. */
  void reopen() throws IOException {
    close();
    open();
    asked = false;
  }

  /**
   * Sends a request, over a new connection if the server ended this one with its last answer.
   *
   * @param request all of it; its position is moved
   * @param nowNanos when it was to be sent
   */
  void ask(ByteBuffer request, long nowNanos) throws IOException {
    asked = true;
    if (serverCloses) {
      close();
      open();
    }
    partialHead = null;
    inBody = false;
    bodyLeft = 0;
    askedAtNanos = nowNanos;
    channel.write(request.rewind());
    if (request.hasRemaining()) {
      // Cannot be: nothing else is under way, and a request is far smaller than a socket's buffer.
      throw new IOException("a request did not fit into the socket's buffer");
    }
  }

  /**
   * Takes what came in.
   *
   * @return the status of the answer when it is complete, else 0
   * @throws IOException when the connection ended or the answer is not understood
   */
  int receive() throws IOException {
    int count = channel.read(inbox.buffer.clear());
    if (count < 0) {
      throw new EOFException("the server ended the connection");
    }
    if (!asked) {
      throw new IOException("an answer that nobody asked for");
    }
    int body = inBody ? count : takeHead(count);
    bodyLeft -= body;
    if (bodyLeft < 0) {
      throw new IOException("more bytes than announced");
    }
    asked = !inBody || bodyLeft > 0;
    return asked ? 0 : status;
  }

  /** Bytes behind the head, once that is complete. */
  private int takeHead(int count) throws IOException {
    byte[] head = inbox.head;
    int before = partialHead == null ? 0 : partialHead.length;
    if (before > 0) {
      System.arraycopy(partialHead, 0, head, 0, before);
    }
    int length = Math.min(before + count, head.length);
    inbox.buffer.get(0, head, before, length - before);
    int end = inbox.scanner.scan(head, length);
    if (end < 0) {
      partialHead = Arrays.copyOf(head, length);
      return 0;
    }
    inBody = true;
    status = inbox.scanner.status();
    bodyLeft = inbox.scanner.contentLength();
    serverCloses = inbox.scanner.closes();
    return before + count - end;
  }

  /** Whether a request is under way. */
  boolean isAsked() {
    return asked;
  }

  /** When the request was to be sent. */
  long askedAtNanos() {
    return askedAtNanos;
  }

  void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // It is given up either way.
    }
  }
}
