package onequeue.sample.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Accepts connections and gives each a thread; knows all that are open. */
final class Listener extends Thread implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 50;

  private final ServerSocketChannel server;
  private final Responder responder;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  Listener(int port, Responder responder) throws IOException {
    super("accept");
    this.responder = responder;
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
  }

  @Override
  public void run() {
    for (long number = 1; server.isOpen(); number++) {
      try {
        serve(server.accept(), number);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException failure) {
        // Most likely out of descriptors. The connections that are open go on; try again soon.
        System.err.println("accept: " + failure.getMessage());
        pause();
      }
    }
  }

  private void serve(SocketChannel channel, long number) throws IOException {
    Connection connection = new Connection(channel, responder, connections::remove);
    connections.add(connection);
    try {
      new Thread(connection, "connection-" + number).start();
    } catch (OutOfMemoryError noThread) {
      connections.remove(connection);
      channel.close();
      throw new IOException("no thread for a connection", noThread);
    }
  }

  private static void pause() {
    try {
      sleep(PAUSE_AFTER_FAILURE_MILLIS);
    } catch (InterruptedException stopped) {
      currentThread().interrupt();
    }
  }

  Set<Connection> connections() {
    return connections;
  }

  int port() {
    return server.socket().getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    connections.forEach(Connection::shut);
  }
}
