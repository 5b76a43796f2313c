package onequeue.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a sample program in a JVM of its own, with the class path of this one.
 *
 * @param jdkHome the JDK to run it with
 * @param jvmOptions options for every side alike
 */
public record JavaCommand(Path jdkHome, List<String> jvmOptions) {
  /**
   * The command line.
   *
   * @param side adds the agent, or nothing
   * @param main the class to run
   * @param arguments for the program
   * @return the words of the command
   * @throws IllegalStateException when the side needs an agent that was not built
   */
  public List<String> of(Side side, Class<?> main, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(jdkHome.resolve("bin/java").toString());
    words.addAll(jvmOptions);
    words.addAll(side.jvmOptions());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }
}
