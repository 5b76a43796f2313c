package onequeue.subject;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty's core server: selector threads and workers out of one pool of 200. */
public final class JettyServer {
  private JettyServer() {}

  /**
   * Serves until SIGTERM.
   *
   * @param args ignored
   * @throws Exception when it cannot start
   */
  public static void main(String[] args) throws Exception {
    Service.logQuietly();
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(new HelloHandler());
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    Service.started(port, server::stop);
  }

  private static final class HelloHandler extends Handler.Abstract {
    private final ByteBuffer text = ByteBuffer.wrap(Service.text());

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, text.capacity());
      response.write(true, text.duplicate(), callback);
      return true;
    }
  }
}
