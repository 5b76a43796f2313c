package onequeue.it.servers;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import onequeue.it.servers.HttpConnection.Answer;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;

/** Tomcat, embedded: servlets, asynchronous ones, sessions, HTTP/2. */
public final class TomcatProgram {
  private TomcatProgram() {}

  /** Prints what the clients saw. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    File base = Files.createTempDirectory("servers-tomcat").toFile();
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.addUpgradeProtocol(new Http2Protocol());
    StandardContext context = (StandardContext) tomcat.addContext("", null);
    // They need options of the VM; Tomcat's look at the threads that are left does not.
    context.setClearReferencesThreadLocals(false);
    context.setClearReferencesRmiTargets(false);
    Wrapper site = Tomcat.addServlet(context, "site", new SiteServlet(timer));
    site.setAsyncSupported(true);
    context.addServletMapping("/*", "site");
    Tomcat.addServlet(context, "visits", new VisitServlet());
    context.addServletMapping("/visits", "visits");
    tomcat.start();
    int port = connector.getLocalPort();
    Scenario.run(port);
    session(port);
    http2(port);
    timer.shutdown();
    timer.awaitTermination(30, TimeUnit.SECONDS);
    tomcat.stop();
    tomcat.destroy();
    ExpandWar.delete(base);
    System.out.println("ended");
  }

  private static final class SiteServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final transient ScheduledExecutorService timer;

    SiteServlet(ScheduledExecutorService timer) {
      this.timer = timer;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String path = request.getRequestURI();
      if (path.equals("/later")) {
        AsyncContext later = request.startAsync();
        timer.schedule(
            () -> later.start(() -> finish(later)), Site.LATE_MILLIS, TimeUnit.MILLISECONDS);
      } else if (Site.has(path)) {
        Site.answer(path, request.getInputStream(), response.getOutputStream());
      } else {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      }
    }

    private static void finish(AsyncContext later) {
      try {
        later.getResponse().getOutputStream().write(Site.late());
        later.complete();
      } catch (IOException e) {
        System.out.println("cannot answer: " + e);
      }
    }
  }

  private static final class VisitServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      HttpSession session = request.getSession();
      int visits = session.isNew() ? 1 : (Integer) session.getAttribute("visits") + 1;
      session.setAttribute("visits", visits);
      response.getWriter().println("visit " + visits);
    }
  }

  private static void session(int port) throws IOException {
    try (HttpConnection connection = new HttpConnection(port)) {
      Answer first = connection.get("/visits");
      String cookie = "Cookie: " + first.headers().get("set-cookie").replaceAll(";.*", "");
      System.out.println("session " + new String(first.body()).strip());
      System.out.println("session " + new String(connection.get("/visits", cookie).body()).strip());
      System.out.println("another " + new String(connection.get("/visits").body()).strip());
    }
  }

  private static void http2(int port) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpRequest hello = HttpRequest.newBuilder(uri(port, "/hello")).build();
    HttpResponse<String> answer = client.send(hello, BodyHandlers.ofString());
    System.out.println(answer.version() + " " + answer.statusCode() + " " + answer.body().strip());
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String path = i == 7 ? "/large" : i % 5 == 0 ? "/later" : "/hello";
      HttpRequest request = HttpRequest.newBuilder(uri(port, path)).build();
      answers.add(client.sendAsync(request, BodyHandlers.ofByteArray()));
    }
    long bytes = 0;
    for (CompletableFuture<HttpResponse<byte[]>> each : answers) {
      bytes += each.get().body().length;
    }
    System.out.println("streams " + bytes);
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
