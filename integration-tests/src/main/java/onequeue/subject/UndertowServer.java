package onequeue.subject;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Undertow: its I/O threads hand each request to a worker, as they do for servlets and for
 * everything else that may block.
 */
public final class UndertowServer {
  private UndertowServer() {}

  /**
   * Serves until SIGTERM.
   *
   * @param args ignored
   */
  public static void main(String[] args) {
    Service.logQuietly();
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1", new BlockingHandler(new HelloHandler()))
            .build();
    undertow.start();
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    Service.started(address.getPort(), undertow::stop);
  }

  private static final class HelloHandler implements HttpHandler {
    private static final byte[] TEXT = Service.text();

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
      exchange.setResponseContentLength(TEXT.length);
      exchange.getOutputStream().write(TEXT);
    }
  }
}
