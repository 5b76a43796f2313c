package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Of clients that do not read for long: more than there are workers, and than buffers hold. */
  private static final int SLOW_CLIENTS = 20;

  private static final List<String> SLOW =
      List.of(next("/big.bin").repeat(7) + last("GET", "/big.bin"));

  /** What the blocking form sends without the agent. */
  private static final String SLOW_ANSWER = "8389467 bytes, hash -1512648344";

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
      List<Socket> slow = new ArrayList<>();
      while (slow.size() < SLOW_CLIENTS) {
        slow.add(ask(server.port(), SLOW));
      }
      for (List<String> pieces : CONVERSATIONS) {
        answers.add(answer(ask(server.port(), pieces)));
      }
      for (Socket socket : slow) {
        assertThat(answer(socket)).isEqualTo(SLOW_ANSWER);
      }
      server.requireSide();
    }
    return answers;
  }

  private static Socket ask(int port, List<String> pieces) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
    socket.setTcpNoDelay(true);
    for (String piece : pieces) {
      socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
    }
    return socket;
  }

  /** As it is if it is short. */
  private static String answer(Socket socket) throws IOException {
    try (socket) {
      byte[] bytes = socket.getInputStream().readAllBytes();
      return bytes.length < 2000
          ? new String(bytes, StandardCharsets.ISO_8859_1)
          : bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
    }
  }
}
