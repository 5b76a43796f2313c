package onequeue.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import onequeue.bench.Jdks;

/** {@code java -jar onequeue.jar}, with the older JDK whatever the process runs on. */
final class Tool {
  private Tool() {}

  /**
   * @return what it prints, errors too
   */
  static String run(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Jdks.home(17).resolve("bin/java").toString());
    command.addAll(List.of("-jar", AgentProcess.JAR.toString()));
    command.addAll(List.of(words));
    try {
      Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
