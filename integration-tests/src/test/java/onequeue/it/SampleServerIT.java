package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import onequeue.bench.JavaCommand;
import onequeue.bench.Jdks;
import onequeue.bench.ServerProcess;
import onequeue.bench.Side;
import onequeue.bench.Subject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both forms of the sample server send the same bytes, without the agent and with it. */
class SampleServerIT {
  private static final String LONG_PATH = "/" + "a".repeat(9000);
  private static final int BODY_BYTES = 32 * 1024;

  /** Each is sent on a connection of its own, in these pieces, and ends it. */
  private static final List<List<String>> CONVERSATIONS =
      List.of(
          List.of(last("GET", "/")),
          List.of(last("HEAD", "/big.bin")),
          List.of(last("GET", "/big.bin")),
          List.of(last("GET", "/home.shtml?page=1")),
          List.of(last("GET", "/missing")),
          List.of(last("GET", "/../etc/passwd")),
          List.of(last("PUT", "/style.css")),
          List.of("GET /style.css HTTP/1.0\r\n\r\n"),
          List.of("nonsense\r\n\r\n"),
          List.of("GET " + LONG_PATH + " HTTP/1.1\r\n\r\n"),
          List.of("GET / HTTP/1.1\r\nContent-Length: 32768\r\n\r\n", "b".repeat(BODY_BYTES)),
          List.of("GET /style.css HT", "TP/1.1\r\n\r", "\n" + last("GET", "/home.shtml")),
          List.of(next("/big.bin") + next("/home.shtml") + next("/big.bin") + last("GET", "/")));

  private static String last(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n";
  }

  private static String next(String path) {
    return "GET " + path + " HTTP/1.1\r\n\r\n";
  }

  static Stream<Arguments> eachFormOnEachJdkOnEachSide() {
    List<Arguments> all = new ArrayList<>();
    for (Subject subject : List.of(Subject.SAMPLE, Subject.SAMPLE_NIO)) {
      for (Side side : List.of(Side.STOCK, Side.UNIFY)) {
        all.add(Arguments.of(17, subject, side));
        all.add(Arguments.of(25, subject, side));
      }
      all.add(Arguments.of(25, subject, Side.COROUTINE));
    }
    return all.stream();
  }

  /** The first of them is what the others are compared with. */
  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @MethodSource("eachFormOnEachJdkOnEachSide")
  void sendsTheSameBytes(int jdk, Subject subject, Side side) throws Exception {
    assertThat(answers(jdk, subject, side)).isEqualTo(Expected.ANSWERS);
  }

  /** Made once, by the form with blocking threads, without the agent. */
  private static final class Expected {
    private static final List<String> ANSWERS = make();

    private static List<String> make() {
      try {
        return answers(17, Subject.SAMPLE, Side.STOCK);
      } catch (IOException | InterruptedException failure) {
        throw new AssertionError(failure);
      }
    }
  }

  private static List<String> answers(int jdk, Subject subject, Side side)
      throws IOException, InterruptedException {
    JavaCommand java = new JavaCommand(Jdks.home(jdk), List.of());
    List<String> answers = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(subject.command(side, java))) {
      for (List<String> pieces : CONVERSATIONS) {
        answers.add(answer(server.port(), pieces));
      }
      server.requireSide();
    }
    return answers;
  }

  private static String answer(int port, List<String> pieces) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      for (String piece : pieces) {
        out.write(piece.getBytes(StandardCharsets.US_ASCII));
      }
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
