package onequeue.sample.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The thread that accepts connections, in either way to serve them; knows all that are open. */
abstract class Front extends Thread implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 50;

  final ServerSocketChannel server;
  private final Responder responder;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  Front(String name, int port, Responder responder) throws IOException {
    super(name);
    this.responder = responder;
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
  }

  final Connection open(SocketChannel channel) {
    Connection connection = new Connection(channel, responder, connections::remove);
    connections.add(connection);
    return connection;
  }

  /** Most likely out of descriptors. The connections that are open go on; try again soon. */
  static void pauseAfter(IOException failure) {
    System.err.println("accept: " + failure.getMessage());
    try {
      sleep(PAUSE_AFTER_FAILURE_MILLIS);
    } catch (InterruptedException stopped) {
      currentThread().interrupt();
    }
  }

  final Set<Connection> connections() {
    return connections;
  }

  final int port() {
    return server.socket().getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    connections.forEach(Connection::shut);
  }
}
