package onequeue.it.servers;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty's core server with a handler that blocks. */
public final class JettyProgram {
  private JettyProgram() {}

  /** Prints what the clients saw. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(new SiteHandler());
    server.start();
    Scenario.run(((ServerConnector) server.getConnectors()[0]).getLocalPort());
    server.stop();
    System.out.println("ended");
  }

  private static final class SiteHandler extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = request.getHttpURI().getPath();
      if (path.equals("/later")) {
        Runnable answer = () -> response.write(true, ByteBuffer.wrap(Site.late()), callback);
        request
            .getComponents()
            .getScheduler()
            .schedule(answer, Site.LATE_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      }
      if (!Site.has(path)) {
        return false;
      }
      try (InputStream in = Content.Source.asInputStream(request);
          OutputStream out = Content.Sink.asOutputStream(response)) {
        Site.answer(path, in, out);
      }
      callback.succeeded();
      return true;
    }
  }
}
