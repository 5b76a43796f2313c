package onequeue.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One of the things compared: the stock JDK, or the agent in one of its modes. */
public enum Side {
  /** The JDK alone. */
  STOCK,
  /** The agent changes no wait and reports each. */
  OBSERVE,
  /** Every wait goes through the queue: the agent's default. */
  UNIFY,
  /** As unify, and the program's platform threads become coroutines; JDK 24 and up. */
  COROUTINE;

  /**
   * What to put on the java command line for this side.
   *
   * @return no option, or the one that attaches the agent
   * @throws IllegalStateException when the agent's jar is not there
   */
  List<String> jvmOptions() {
    if (this == STOCK) {
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

  /** The agent's own word for the mode. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
