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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One connection with one request under way.
 *
 * <p>Understands answers with a Content-Length, the only ones the sample servers give. Only the
 * loading thread uses it.
 */
final class LoadConnection {
  private static final int CONNECT_TIMEOUT_MILLIS = 5000;
  private static final int LONGEST_HEAD_BYTES = 8192;

  private final int port;
  private final List<ByteBuffer> wireRequests;
  private final byte[] head = new byte[LONGEST_HEAD_BYTES];
  private final Selector selector;
  private SocketChannel channel;
  private long sentAtNanos;
  private int next;

  /** Bytes of the head so far; -1 when it is complete and the body comes. */
  private int headLength;

  private long bodyLeft;
  private int status;
  private boolean serverCloses;

  LoadConnection(int port, Selector selector, List<ByteBuffer> wireRequests, int first) {
    this.selector = selector;
    this.port = port;
    this.wireRequests = wireRequests;
    next = first;
  }

  static ByteBuffer wireRequest(String path) {
    byte[] request =
        ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(request.length).put(request).flip();
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
    write(System.nanoTime());
  }

  /** Sends the next request, over a new connection if the server ends this one. */
  void send(long nowNanos) throws IOException {
    if (serverCloses) {
      close();
      open();
    } else {
      write(nowNanos);
    }
  }

  private void write(long nowNanos) throws IOException {
    ByteBuffer request = wireRequests.get(next++ % wireRequests.size()).duplicate();
    headLength = 0;
    sentAtNanos = nowNanos;
    channel.write(request);
    if (request.hasRemaining()) {
      // Cannot be: nothing else is under way, and a request is far smaller than a socket's buffer.
      throw new IOException("a request did not fit into the socket's buffer");
    }
  }

  /**
   * Takes what came in.
   *
   * @param buffer to read into; its content is nobody's
   * @return the status of the answer when it is complete, else 0
   * @throws IOException when the connection ended or the answer is not understood
   */
  int receive(ByteBuffer buffer) throws IOException {
    int count = channel.read(buffer.clear());
    if (count < 0) {
      throw new EOFException("the server ended the connection");
    }
    buffer.flip();
    while (headLength >= 0 && buffer.hasRemaining()) {
      takeHead(buffer.get());
    }
    if (headLength >= 0) {
      return 0;
    }
    bodyLeft -= buffer.remaining();
    if (bodyLeft < 0) {
      throw new IOException("more bytes than announced");
    }
    return bodyLeft == 0 ? status : 0;
  }

  private void takeHead(byte value) throws IOException {
    if (headLength == head.length) {
      throw new IOException("the head of an answer is too long");
    }
    head[headLength++] = value;
    if (value == '\n'
        && headLength >= 4
        && head[headLength - 2] == '\r'
        && head[headLength - 3] == '\n') {
      parseHead();
      headLength = -1;
    }
  }

  private void parseHead() throws IOException {
    String text =
        new String(head, 0, headLength, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    try {
      status = Integer.parseInt(text.substring(9, 12));
      int start = text.indexOf("\r\ncontent-length:") + "\r\ncontent-length:".length();
      bodyLeft = Long.parseLong(text.substring(start, text.indexOf('\r', start)).strip());
    } catch (NumberFormatException | StringIndexOutOfBoundsException malformed) {
      throw new IOException("an answer without a status or a length", malformed);
    }
    serverCloses = text.contains("\r\nconnection: close\r\n");
  }

  long sentAtNanos() {
    return sentAtNanos;
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
