package onequeue.sample.server;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Accepts connections and watches them with one selector; a few workers serve those with something
 * to do.
 *
 * <p>A connection is either watched or worked on: its key has no interest while a worker has it.
 * The worker then says what to watch for, and wakes the selector so that it does.
 */
final class Reactor extends Front {
  private static final int WORKERS = 16;

  private final Selector selector = Selector.open();
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

  Reactor(int port, Responder responder) throws IOException {
    super("reactor", port, responder);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  @Override
  public void run() {
    try {
      while (server.isOpen()) {
        selector.select(this::attend);
      }
    } catch (IOException failure) {
      System.err.println("select: " + failure.getMessage());
    } finally {
      workers.shutdown();
    }
  }

  private void attend(SelectionKey key) {
    if (key.channel() == server) {
      accept();
    } else {
      key.interestOps(0);
      workers.execute(() -> serve(key, (Connection) key.attachment()));
    }
  }

  private void accept() {
    try {
      SocketChannel channel;
      while ((channel = server.accept()) != null) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, open(channel));
      }
    } catch (ClosedChannelException closed) {
      // The server ends.
    } catch (IOException failure) {
      pauseAfter(failure);
    }
  }

  private void serve(SelectionKey key, Connection connection) {
    int next = Connection.NOTHING;
    try {
      next = connection.serve();
    } catch (IOException gone) {
      // The peer went away, or the sweeper shut the connection: nobody is left to tell.
    } finally {
      if (next == Connection.NOTHING) {
        connection.close();
      } else {
        key.interestOps(next);
      }
      // Either takes effect in the selector's next turn.
      selector.wakeup();
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    selector.wakeup();
  }
}
