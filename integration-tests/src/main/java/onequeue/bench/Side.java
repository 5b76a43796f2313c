package onequeue.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One of the things compared: the stock JDK, the agent in one of its modes, or a variant, which is
 * what one would write instead of the program to have it faster, on the stock JDK.
 */
public enum Side {
  /** The JDK alone. */
  STOCK(What.JDK, 17),
  /** The agent changes no wait and reports each. */
  OBSERVE(What.AGENT, 17),
  /** Every wait goes through the queue: the agent's default. */
  UNIFY(What.AGENT, 17),
  /** As unify, and the program's platform threads become coroutines. */
  COROUTINE(What.AGENT, 24),
  /** The subject hello with a virtual thread per connection. */
  VIRTUAL(What.VARIANT, 21),
  /** The subject tomcat with its own option for virtual threads. */
  TOMCAT_VIRTUAL(What.VARIANT, 21),
  /** For hello: Netty on its native transport, one event loop. */
  NETTY_EPOLL_1(What.VARIANT, 17),
  /** For hello: Netty on its native transport, two event loops. */
  NETTY_EPOLL_2(What.VARIANT, 17),
  /** For hello: a loop around epoll, written by hand in C. */
  C_LOOP(What.VARIANT, 17);

  private enum What {
    JDK,
    AGENT,
    VARIANT
  }

  private final What what;
  private final int oldestJdk;

  Side(What what, int oldestJdk) {
    this.what = what;
    this.oldestJdk = oldestJdk;
  }

  boolean isVariant() {
    return what == What.VARIANT;
  }

  /** What keeps this side from running on a release of the JDK, if anything does. */
  Optional<String> obstacle(int jdk) {
    return jdk < oldestJdk ? Optional.of("needs JDK " + oldestJdk) : Optional.empty();
  }

  /**
   * What to put on the java command line for this side.
   *
   * @return none, or the one that attaches the agent, or the one that keeps JDK 25 from warning
   * @throws IllegalStateException when the agent's jar is not there
   */
  List<String> jvmOptions() {
    if (this == NETTY_EPOLL_1 || this == NETTY_EPOLL_2) {
      return List.of("--enable-native-access=ALL-UNNAMED");
    }
    if (what != What.AGENT) {
      return List.of();
    }
    Path jar = agentJar();
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "no agent at " + jar + ": build it with mvn -DskipTests package");
    }
    return List.of("-javaagent:" + jar + "=mode=" + this);
  }

  /**
   * Where the agent is, whether or not it was built.
   *
   * @return the value of {@code -Donequeue.jar}, or its place below the current directory
   */
  public static Path agentJar() {
    return Path.of(System.getProperty("onequeue.jar", "agent/target/onequeue.jar"))
        .toAbsolutePath();
  }

  /** As it is written on the command line; for a mode, the agent's own word. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
