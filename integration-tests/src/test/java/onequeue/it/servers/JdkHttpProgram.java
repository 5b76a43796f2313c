package onequeue.it.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The JDK's own server, asked by hand and by the JDK's own clients, old and new. */
public final class JdkHttpProgram {
  private JdkHttpProgram() {}

  /** Prints what the clients saw. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    ExecutorService workers = Executors.newFixedThreadPool(20);
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/", exchange -> handle(exchange, timer));
    server.createContext("/never", exchange -> {});
    server.start();
    int port = server.getAddress().getPort();
    Scenario.run(port);
    HttpClient client = HttpClient.newHttpClient();
    synchronously(client, port);
    asynchronously(client, port);
    inTime(client, port);
    interrupted(client, port);
    oldClient(port);
    server.stop(0);
    workers.shutdownNow();
    timer.shutdownNow();
    System.out.println("ended " + workers.awaitTermination(30, TimeUnit.SECONDS));
  }

  private static void handle(HttpExchange exchange, ScheduledExecutorService timer)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/later" ->
          timer.schedule(
              () -> finish(exchange, Site.late()), Site.LATE_MILLIS, TimeUnit.MILLISECONDS);
      case "/echo", "/large" -> {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
          Site.answer(path, exchange.getRequestBody(), out);
        }
      }
      case "/hello" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Site.answer(path, exchange.getRequestBody(), out);
        finish(exchange, out.toByteArray());
      }
      default -> {
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
      }
    }
  }

  private static void finish(HttpExchange exchange, byte[] body) {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      System.out.println("cannot answer: " + e);
    }
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static void synchronously(HttpClient client, int port) throws Exception {
    HttpResponse<String> hello =
        client.send(request(port, "/hello").build(), BodyHandlers.ofString());
    System.out.println(hello.version() + " " + hello.statusCode() + " " + hello.body().strip());
    HttpRequest post =
        request(port, "/echo")
            .POST(BodyPublishers.ofByteArrays(List.of(Site.pattern(70_000), Site.pattern(9))))
            .build();
    System.out.println("echo " + client.send(post, BodyHandlers.ofByteArray()).body().length);
    HttpResponse<java.io.InputStream> large =
        client.send(request(port, "/large").build(), BodyHandlers.ofInputStream());
    try (java.io.InputStream in = large.body()) {
      System.out.println("large " + in.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static void asynchronously(HttpClient client, int port) throws Exception {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String path = i % 3 == 0 ? "/later" : "/hello";
      answers.add(
          client
              .sendAsync(request(port, path).build(), BodyHandlers.ofString())
              .thenApplyAsync(answer -> answer.statusCode() + answer.body().length()));
    }
    int sum = 0;
    for (CompletableFuture<Integer> answer : answers) {
      sum += answer.get();
    }
    System.out.println("asynchronous " + sum);
  }

  private static void inTime(HttpClient client, int port) throws Exception {
    HttpRequest never = request(port, "/never").timeout(Duration.ofMillis(50)).build();
    try {
      client.send(never, BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      System.out.println("in time " + e.getMessage());
    }
  }

  private static void interrupted(HttpClient client, int port) throws Exception {
    Thread asks =
        new Thread(
            () -> {
              try {
                client.send(request(port, "/never").build(), BodyHandlers.ofString());
              } catch (IOException | InterruptedException e) {
                System.out.println("interrupted " + e.getClass().getName());
              }
            });
    asks.start();
    while (asks.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    asks.interrupt();
    asks.join();
  }

  private static void oldClient(int port) throws Exception {
    Thread asks =
        new Thread(
            () -> {
              try (var in = request(port, "/large").build().uri().toURL().openStream()) {
                System.out.println("old " + in.transferTo(OutputStream.nullOutputStream()));
              } catch (IOException e) {
                System.out.println("old " + e);
              }
            });
    asks.start();
    asks.join();
  }
}
