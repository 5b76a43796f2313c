package onequeue.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a server that gives a scripted answer to every request. */
class LoadTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private final AtomicInteger opened = new AtomicInteger();
  private ServerSocket server;

  /** What to send in one piece each, and then to end the connection if the last one is empty. */
  private volatile List<String> pieces = List.of(OK);

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread accepting = new Thread(this::accept, "scripted-server");
    accepting.setDaemon(true);
    accepting.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        opened.incrementAndGet();
        Thread serving = new Thread(() -> serve(socket), "scripted-connection");
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] request = new byte[1024];
      while (in.read(request) > 0) {
        for (String piece : pieces) {
          if (piece.isEmpty()) {
            return;
          }
          out.write(piece.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException gone) {
      // The client has seen enough.
    }
  }

  @Test
  void countsGoodAnswersOnKeptConnections() throws IOException {
    try (Load load = load(3, 0)) {
      load.loadUntil(() -> load.answers() >= 100 && opened.get() >= 3);
      assertThat(load.errors()).isZero();
    }
    assertThat(opened).hasValue(3);
  }

  @Test
  void takesAnswersThatComeInPieces() throws IOException {
    pieces = List.of("HTTP/1.1 200 OK\r\nConte", "nt-Length: 5\r\n\r", "\n", "he", "llo");
    try (Load load = load(2, 0)) {
      load.loadUntil(() -> load.answers() >= 100 || load.errors() > 0);
      assertThat(load.errors()).isZero();
    }
  }

  @Test
  void opensAnotherConnectionWhenTheServerSaidThatItCloses() throws IOException {
    pieces = List.of("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", "");
    try (Load load = load(2, 0)) {
      load.loadUntil(() -> load.answers() >= 20 || load.errors() > 0);
      assertThat(load.errors()).isZero();
    }
    assertThat(opened).hasValueGreaterThanOrEqualTo(20);
  }

  @Test
  void countsOtherAnswersAsErrors() throws IOException {
    pieces = List.of(OK.replace("200", "503"));
    try (Load load = load(2, 0)) {
      load.loadUntil(() -> load.errors() >= 10);
      assertThat(load.answers()).isZero();
    }
  }

  @Test
  void countsBytesBehindAnAnswerAsAnError() throws IOException {
    pieces = List.of(OK + "!");
    try (Load load = load(1, 0)) {
      load.loadUntil(() -> load.errors() >= 1 || load.answers() >= 1000);
      assertThat(load.answers()).isZero();
    }
  }

  @Test
  void endsWhenTheServerIsGone() {
    pieces = List.of("");
    assertThatThrownBy(
            () -> {
              try (Load load = load(2, 0)) {
                load.loadUntil(() -> false);
              }
            })
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void asksNoFasterThanTheRate() throws IOException {
    double rate = 500;
    long start = System.nanoTime();
    try (Load load = load(4, rate)) {
      long before = load.answers();
      load.loadUntil(() -> load.answers() >= before + 50);
      double seconds = (System.nanoTime() - start) / 1e9;
      // The first is due at once.
      assertThat(load.answers() - before - 1).isLessThanOrEqualTo((long) (seconds * rate));
    }
  }

  private Load load(int connections, double rate) throws IOException {
    return new Load(
        server.getLocalPort(), new LoadPlan(connections, rate, 0, 1, List.of("/hello")));
  }
}
