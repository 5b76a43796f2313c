package onequeue.sample.server;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * One client, served by one thread until either side ends the connection.
 *
 * <p>Only that thread reads, writes and closes the channel. The sweeper calls {@link
 * #idleNanos(long)} and {@link #shut()}.
 */
final class Connection implements Runnable {
  /** Small enough that a reader at modem speed still shows progress between two sweeps. */
  private static final long TRANSFER_BYTES = 256 * 1024;

  private static final int DISCARD_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final Responder responder;
  private final Consumer<Connection> onEnd;
  private volatile long lastProgressNanos = System.nanoTime();

  Connection(SocketChannel channel, Responder responder, Consumer<Connection> onEnd) {
    this.channel = channel;
    this.responder = responder;
    this.onEnd = onEnd;
  }

  @Override
  public void run() {
    try (channel) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      serve();
    } catch (IOException gone) {
      // The peer went away, or the sweeper shut the connection: nobody is left to tell.
    } finally {
      onEnd.accept(this);
    }
  }

  private void serve() throws IOException {
    RequestReader reader = new RequestReader(channel);
    try {
      Request request;
      do {
        request = reader.next();
        if (request == null) {
          return;
        }
        progress();
        responder.respond(request, this);
      } while (request.keepAlive());
    } catch (BadRequestException bad) {
      responder.refuse(bad, this);
    }
    lingerBriefly();
  }

  /** Closing with bytes unread resets the connection and could take the last answer with it. */
  private void lingerBriefly() throws IOException {
    channel.shutdownOutput();
    ByteBuffer rest = ByteBuffer.allocate(4096);
    for (int left = DISCARD_BYTES; left > 0; ) {
      int count = channel.read(rest.clear());
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }

  void write(ByteBuffer... buffers) throws IOException {
    ByteBuffer last = buffers[buffers.length - 1];
    do {
      channel.write(buffers);
      progress();
    } while (last.hasRemaining());
  }

  /** Sends a file without copying it through the process. */
  void transfer(FileChannel file, long size) throws IOException {
    for (long position = 0; position < size; ) {
      long count = file.transferTo(position, Math.min(size - position, TRANSFER_BYTES), channel);
      if (count == 0) {
        throw new IOException("the file became shorter while it was sent");
      }
      position += count;
      progress();
    }
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
   * does not on JDK 17.
   */
  void shut() {
    try {
      channel.shutdownOutput();
      channel.shutdownInput();
    } catch (IOException gone) {
      // It ended by itself in the meantime.
    }
  }
}
