package onequeue.subject;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own HTTP server: one selector thread that hands requests to a pool of 50. */
public final class JdkHttpServer {
  private static final int THREADS = 50;
  private static final int BACKLOG = 4096;
  private static final byte[] TEXT = Service.text();

  private JdkHttpServer() {}

  /**
   * Serves until SIGTERM.
   *
   * @param args ignored
   * @throws IOException when it cannot listen
   */
  public static void main(String[] args) throws IOException {
    // Head and body are two writes: with Nagle's algorithm the second waits 40 ms for an ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Of connections between two requests it would keep 200 and close the others.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    server.setExecutor(pool);
    server.createContext("/hello", JdkHttpServer::hello);
    server.start();
    Service.started(
        server.getAddress().getPort(),
        () -> {
          server.stop(0);
          pool.shutdown();
        });
  }

  private static void hello(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(200, TEXT.length);
    exchange.getResponseBody().write(TEXT);
    exchange.close();
  }
}
