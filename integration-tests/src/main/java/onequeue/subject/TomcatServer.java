package onequeue.subject;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat, embedded: a poller thread and a pool of 200. {@code TomcatServer virtual} takes its own
 * option for virtual threads instead, which needs JDK 21.
 */
public final class TomcatServer {
  private TomcatServer() {}

  /**
   * Serves until SIGTERM.
   *
   * @param args see above
   * @throws IOException when there is no room for its working directory
   * @throws LifecycleException when it cannot start
   */
  public static void main(String[] args) throws IOException, LifecycleException {
    Service.logQuietly();
    File base = Files.createTempDirectory("onequeue-tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    if (args.length > 0) {
      connector.setProperty("useVirtualThreads", "true");
    }
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "hello", new HelloServlet());
    context.addServletMapping("/hello", "hello");
    tomcat.start();
    Service.started(connector.getLocalPort(), () -> end(tomcat, base));
  }

  private static void end(Tomcat tomcat, File base) throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    ExpandWar.delete(base);
  }

  private static final class HelloServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final byte[] TEXT = Service.text();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain");
      response.setContentLength(TEXT.length);
      response.getOutputStream().write(TEXT);
    }
  }
}
