package onequeue.sample.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/**
 * The server that sub-requests go to: it answers {@code /quote/N} with a line of text.
 *
 * <p>It uses {@code java.net} where the front uses channels, so that both ways of waiting are there
 * to be seen. A thread accepts, and each connection has a thread.
 */
final class Backend extends Thread implements AutoCloseable {
  private static final String[] QUOTES = {
    "A wait by any other name would block as long.",
    "One queue to hold them all.",
    "Nothing is as quiet as an idle server.",
  };

  private final ServerSocket server;

  Backend() throws IOException {
    super("backend-accept");
    server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    setDaemon(true);
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void run() {
    try {
      for (long number = 1; ; number++) {
        Socket socket = server.accept();
        Thread thread = new Thread(() -> serve(socket), "backend-connection-" + number);
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException failure) {
      if (!server.isClosed()) {
        System.err.println("backend: " + failure.getMessage());
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      RequestReader reader = new RequestReader(Channels.newChannel(socket.getInputStream()));
      Request request;
      while ((request = reader.next()) != null) {
        socket.getOutputStream().write(answer(request.path()));
      }
    } catch (IOException gone) {
      // The front closed the connection.
    }
  }

  private static byte[] answer(String path) {
    String quote = QUOTES[Math.floorMod(path.hashCode(), QUOTES.length)];
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + quote.length() + "\r\n\r\n" + quote;
    return answer.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
