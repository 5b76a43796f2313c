package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.InputStream;
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
import onequeue.load.Load;
import onequeue.load.LoadPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every server that the benchmark compares starts, answers, keeps connections and ends. */
class SubjectsIT {
  private static final String REQUEST = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  private static final int CONNECTIONS = 20;

  /** More than a server's limit of requests per connection, times the connections. */
  private static final int ANSWERS = 3000;

  /** What the shell says of a process that SIGTERM ended; a JVM says it after its hooks. */
  private static final int ENDED_BY_SIGTERM = 128 + 15;

  /** Those that say when they were asked, too. */
  private static final List<Subject> SITES = List.of(Subject.SAMPLE, Subject.SAMPLE_NIO);

  static Stream<Arguments> eachServerOnEachJdk() {
    List<Arguments> all = new ArrayList<>();
    for (int jdk : new int[] {17, 25}) {
      for (Subject subject : Subject.values()) {
        all.add(Arguments.of(jdk, subject, Side.STOCK));
      }
      for (Side variant : List.of(Side.VIRTUAL, Side.NETTY_EPOLL_1, Side.NETTY_EPOLL_2)) {
        all.add(Arguments.of(jdk, Subject.HELLO, variant));
      }
      all.add(Arguments.of(jdk, Subject.TOMCAT, Side.TOMCAT_VIRTUAL));
      for (Subject site : SITES) {
        all.add(Arguments.of(jdk, site, Side.UNIFY));
      }
    }
    for (Subject site : SITES) {
      all.add(Arguments.of(25, site, Side.COROUTINE));
    }
    all.add(Arguments.of(17, Subject.HELLO, Side.C_LOOP));
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @MethodSource("eachServerOnEachJdk")
  void answersAndEnds(int jdk, Subject subject, Side side) throws Exception {
    subject
        .obstacle(side, jdk)
        .ifPresent(
            why -> {
              System.out.printf("SubjectsIT skips %s %s on JDK %d: %s%n", subject, side, jdk, why);
              abort(why);
            });
    JavaCommand java = new JavaCommand(Jdks.home(jdk), List.of());
    try (ServerProcess server = ServerProcess.start(subject.command(side, java))) {
      assertThat(answer(server.port()))
          .startsWith("HTTP/1.1 200")
          .containsPattern(
              SITES.contains(subject) ? "\r\n\r\nHello at " : "\r\n\r\nHello, world\n$");
      LoadPlan plan = new LoadPlan(CONNECTIONS, 0, 0, 1, List.of("/hello"));
      try (Load load = new Load(server.port(), plan)) {
        load.loadUntil(() -> load.answers() >= ANSWERS || load.errors() > 0);
        assertThat(load.errors()).isZero();
      }
      server.requireSide();
      assertThat(server.end()).isIn(0, ENDED_BY_SIGTERM);
    }
  }

  private static String answer(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
      socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      // The body is one line, the only one without a carriage return.
      for (int b; (b = in.read()) >= 0; ) {
        answer.append((char) b);
        if (b == '\n' && answer.charAt(answer.length() - 2) != '\r') {
          break;
        }
      }
      return answer.toString();
    }
  }
}
