package onequeue.it.servers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import onequeue.it.servers.HttpConnection.Answer;

/** What each of the servers is asked, by threads of its own process. */
final class Scenario {
  private static final int CLIENTS = 30;
  private static final int REQUESTS = 30;
  private static final int CHUNKS = 200;

  private final int port;

  private Scenario(int port) {
    this.port = port;
  }

  /** Prints what the clients saw. */
  static void run(int port) throws Exception {
    Scenario scenario = new Scenario(port);
    scenario.simple();
    scenario.keepAlive();
    scenario.echo();
    scenario.large();
    scenario.late();
    scenario.impolite();
    scenario.many();
  }

  private void simple() throws IOException {
    try (HttpConnection connection = new HttpConnection(port)) {
      System.out.println("hello " + connection.get("/hello", "Connection: close"));
      System.out.println("closed " + connection.atEnd());
    }
    try (HttpConnection connection = new HttpConnection(port)) {
      System.out.println("missing " + connection.get("/missing").status());
    }
  }

  /** One after the other, then several at once. */
  private void keepAlive() throws IOException {
    try (HttpConnection connection = new HttpConnection(port)) {
      int fine = 0;
      for (int i = 0; i < 200; i++) {
        fine += connection.get("/hello").status() == 200 ? 1 : 0;
      }
      System.out.println("kept alive " + fine);
      for (int i = 0; i < 10; i++) {
        connection.send("GET", "/hello");
      }
      for (int i = 0; i < 10; i++) {
        fine += connection.receive().body().length;
      }
      System.out.println("pipelined " + fine);
    }
  }

  /** The answer flows back while the request still flows. */
  private void echo() throws Exception {
    try (HttpConnection connection = new HttpConnection(port)) {
      connection.send("POST", "/echo", "Transfer-Encoding: chunked");
      Thread writer = new Thread(() -> pour(connection), "writer");
      writer.start();
      System.out.println("echo " + connection.receive());
      writer.join();
      connection.send("POST", "/echo", "Content-Length: 5", "Expect: 100-continue");
      System.out.println("go on " + connection.receive().status());
      connection.sendRaw("12345");
      System.out.println("echo " + connection.receive());
    }
  }

  private static void pour(HttpConnection connection) {
    try {
      for (int i = 1; i <= CHUNKS; i++) {
        connection.sendChunk(Site.pattern(1 + i * 37 % 20_000));
      }
      connection.sendChunk(new byte[0]);
    } catch (IOException e) {
      System.out.println("cannot send: " + e);
    }
  }

  private void large() throws IOException {
    try (HttpConnection connection = new HttpConnection(port)) {
      System.out.println("large " + connection.get("/large"));
      System.out.println("and again " + connection.get("/large"));
      System.out.println("then " + connection.get("/hello"));
    }
  }

  /** All wait at the same time, in the server. */
  private void late() throws Exception {
    List<HttpConnection> connections = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      connections.add(new HttpConnection(port));
      connections.get(i).send("GET", "/later");
    }
    int fine = 0;
    for (HttpConnection connection : connections) {
      fine += new String(connection.receive().body()).equals("at last\n") ? 1 : 0;
      connection.close();
    }
    System.out.println("late " + fine);
  }

  /** Clients that leave in the middle of something; the server outlives them. */
  private void impolite() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      HttpConnection connection = new HttpConnection(port);
      switch (i % 3) {
        case 0 -> connection.sendRaw("GET /hello HT");
        case 1 -> connection.send("POST", "/echo", "Transfer-Encoding: chunked");
        default -> connection.send("GET", "/large");
      }
      if (i % 2 == 0) {
        connection.reset();
      } else {
        connection.close();
      }
    }
    try (HttpConnection connection = new HttpConnection(port)) {
      System.out.println("afterwards " + connection.get("/hello"));
    }
  }

  private void many() throws InterruptedException, ExecutionException {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<Long>> counts = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      counts.add(clients.submit(this::busy));
    }
    long bytes = 0;
    for (Future<Long> count : counts) {
      bytes += count.get();
    }
    clients.shutdown();
    System.out.println("many " + bytes);
  }

  private long busy() throws IOException {
    long bytes = 0;
    try (HttpConnection connection = new HttpConnection(port)) {
      for (int i = 0; i < REQUESTS; i++) {
        Answer answer;
        if (i % 3 == 0) {
          connection.send("POST", "/echo", "Content-Length: " + i);
          connection.sendRaw("e".repeat(i));
          answer = connection.receive();
        } else {
          answer = connection.get(i % 10 == 7 ? "/later" : "/hello");
        }
        bytes += answer.status() == 200 ? answer.body().length : -1_000_000;
      }
    }
    return bytes;
  }
}
