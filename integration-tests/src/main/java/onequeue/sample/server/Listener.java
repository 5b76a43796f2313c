package onequeue.sample.server;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/** Accepts connections and gives each a thread. */
final class Listener extends Front {
  Listener(int port, Responder responder) throws IOException {
    super("accept", port, responder);
  }

  @Override
  public void run() {
    for (long number = 1; server.isOpen(); number++) {
      try {
        start(server.accept(), number);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException failure) {
        pauseAfter(failure);
      }
    }
  }

  private void start(SocketChannel channel, long number) throws IOException {
    Connection connection = open(channel);
    try {
      new Thread(() -> serve(channel, connection), "connection-" + number).start();
    } catch (OutOfMemoryError noThread) {
      connection.close();
      throw new IOException("no thread for a connection", noThread);
    }
  }

  private static void serve(SocketChannel channel, Connection connection) {
    try (connection) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.serve();
    } catch (IOException gone) {
      // The peer went away, or the sweeper shut the connection: nobody is left to tell.
    }
  }
}
