package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import onequeue.sample.HelloServer;
import onequeue.sample.server.SampleServer;
import onequeue.subject.JdkHttpServer;
import onequeue.subject.JettyServer;
import onequeue.subject.NettyServer;
import onequeue.subject.TomcatServer;
import onequeue.subject.UndertowServer;

/** A server to put under load, and how to start it on each side. */
public enum Subject {
  /** A thread per connection, one fixed answer. */
  HELLO(HelloServer.class),
  /** A thread per connection, files and sub-requests. */
  SAMPLE(SampleServer.class, "/hello", "/home.shtml", "/style.css"),
  /** The same site, served by a selector and a pool of workers. */
  SAMPLE_NIO(SampleServer.class, "/hello", "/home.shtml", "/style.css"),
  /** Tomcat, embedded. */
  TOMCAT(TomcatServer.class),
  /** Jetty's core. */
  JETTY(JettyServer.class),
  /** Undertow, answering in its worker pool. */
  UNDERTOW(UndertowServer.class),
  /** The JDK's own HTTP server with a pool of 50. */
  JDK_HTTP(JdkHttpServer.class),
  /** Netty on NIO. */
  NETTY_NIO(NettyServer.class);

  private final Class<?> main;
  private final List<String> paths;

  Subject(Class<?> main, String... paths) {
    this.main = main;
    this.paths = paths.length == 0 ? List.of("/hello") : List.of(paths);
  }

  /** What to ask it for. */
  List<String> paths() {
    return paths;
  }

  /**
   * What keeps it from running on a side.
   *
   * @param side mode or variant
   * @param jdk feature release
   * @return why it cannot, or nothing
   */
  public Optional<String> obstacle(Side side, int jdk) {
    Subject meant = side == Side.TOMCAT_VIRTUAL ? TOMCAT : HELLO;
    if (side.isVariant() && this != meant) {
      return Optional.of("of subject " + meant);
    }
    return side.obstacle(jdk);
  }

  /**
   * How to start it.
   *
   * @param side one that has no obstacle
   * @param java how to start a JVM
   * @return the words of the command
   * @throws IOException when the variant in C cannot be compiled
   * @throws InterruptedException when interrupted meanwhile
   */
  public List<String> command(Side side, JavaCommand java)
      throws IOException, InterruptedException {
    return switch (side) {
      case VIRTUAL -> java.of(side, main, "0", "virtual");
      case TOMCAT_VIRTUAL -> java.of(side, main, "virtual");
      case NETTY_EPOLL_1 -> java.of(side, NettyServer.class, "epoll", "1");
      case NETTY_EPOLL_2 -> java.of(side, NettyServer.class, "epoll", "2");
      case C_LOOP -> List.of(HelloLoop.compiled().toString());
      default -> this == SAMPLE_NIO ? java.of(side, main, "--nio") : java.of(side, main);
    };
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
