package onequeue.sample.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * One client, until either side ends the connection.
 *
 * <p>One thread at a time reads, writes and closes the channel. The sweeper calls {@link
 * #idleNanos(long)} and {@link #shut()}.
 */
final class Connection implements Closeable {
  /** What {@link #serve()} waits for when the connection is over. */
  static final int NOTHING = 0;

  private static final int DISCARD_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final RequestReader reader;
  private final Responder responder;
  private final Consumer<Connection> onEnd;
  private Answer answer;
  private boolean isEnding;
  private int discarded;
  private volatile long lastProgressNanos = System.nanoTime();

  Connection(SocketChannel channel, Responder responder, Consumer<Connection> onEnd) {
    this.channel = channel;
    this.responder = responder;
    this.onEnd = onEnd;
    reader = new RequestReader(channel);
  }

  /**
   * Answers requests: to the end if the channel blocks, else as long as the channel goes on.
   *
   * @return the operation of {@link SelectionKey} after which it goes on, or {@link #NOTHING}
   * @throws IOException when the peer went away, or was shut
   */
  int serve() throws IOException {
    while (!isEnding) {
      if (answer == null && (answer = nextAnswer()) == null) {
        return reader.isAtEnd() ? NOTHING : SelectionKey.OP_READ;
      }
      if (!send()) {
        return SelectionKey.OP_WRITE;
      }
    }
    return linger() ? SelectionKey.OP_READ : NOTHING;
  }

  private Answer nextAnswer() throws IOException {
    try {
      Request request = reader.next();
      if (request == null) {
        return null;
      }
      progress();
      return responder.respond(request);
    } catch (BadRequestException bad) {
      return responder.refuse(bad);
    }
  }

  /** Whether the channel took all of the answer. */
  private boolean send() throws IOException {
    while (!answer.isSent()) {
      if (answer.sendTo(channel) == 0) {
        return false;
      }
      progress();
    }
    if (answer.isLast()) {
      isEnding = true;
      channel.shutdownOutput();
    }
    answer.close();
    answer = null;
    return true;
  }

  /**
   * Closing with bytes unread resets the connection and could take the last answer with it.
   *
   * @return whether there may be more to come
   */
  private boolean linger() throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(4096);
    while (discarded < DISCARD_BYTES) {
      int count = channel.read(rest.clear());
      if (count <= 0) {
        return count == 0;
      }
      discarded += count;
    }
    return false;
  }

  private void progress() {
    lastProgressNanos = System.nanoTime();
  }

  long idleNanos(long now) {
    return now - lastProgressNanos;
  }

  /**
   * Ends the connection from another thread.
   *
   * <p>A shutdown wakes the connection's thread wherever it waits, in sendfile too, which a close
   * does not on JDK 17; and it makes a channel ready that a selector watches.
   */
  void shut() {
    try {
      channel.shutdownOutput();
      channel.shutdownInput();
    } catch (IOException gone) {
      // It ended by itself in the meantime.
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (answer != null) {
        answer.close();
      }
    } catch (IOException ignored) {
      // It is given up either way.
    }
    onEnd.accept(this);
  }
}
