package onequeue.sample.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One client's keep-alive connection; run once each time it has bytes. Clients wait for an answer
 * before they ask again, and requests have no body.
 *
 * <p>One thread at a time: it is either selected or run.
 */
final class PoolConnection implements Runnable {
  private static final int LONGEST_HEAD_BYTES = 8192;
  private static final int END_OF_HEAD = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';
  private static final byte[] RESPONSE =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/plain\r
      Content-Length: 13\r
      Connection: keep-alive\r
      \r
      Hello, world
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ServiceClient service;
  private final ByteBuffer head = ByteBuffer.allocate(LONGEST_HEAD_BYTES);

  PoolConnection(SocketChannel channel, SelectionKey key, ServiceClient service) {
    this.channel = channel;
    this.key = key;
    this.service = service;
  }

  /** Reads, calls the service if that makes a request, answers, and is selected again. */
  @Override
  public void run() {
    try {
      if (channel.read(head) < 0 || !head.hasRemaining()) {
        channel.close();
        return;
      }
      if (isComplete()) {
        head.clear();
        service.call();
        answer();
      }
      key.interestOps(SelectionKey.OP_READ);
      key.selector().wakeup();
    } catch (IOException failure) {
      close();
    }
  }

  private boolean isComplete() {
    return head.position() >= Integer.BYTES
        && head.getInt(head.position() - Integer.BYTES) == END_OF_HEAD;
  }

  private void answer() throws IOException {
    ByteBuffer response = ByteBuffer.wrap(RESPONSE);
    channel.write(response);
    if (response.hasRemaining()) {
      // Cannot be: the client has read all earlier ones, and this is far smaller than the buffer.
      throw new IOException("an answer did not fit into the socket's buffer");
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // It is given up either way.
    }
  }
}
