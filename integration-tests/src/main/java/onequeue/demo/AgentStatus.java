package onequeue.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import onequeue.bench.Side;

/** What the agent's own command line says about a process. */
final class AgentStatus {
  private static final long LONGEST_SECONDS = 15;

  private AgentStatus() {}

  /** Its lines as they are, or one that says why there are none. */
  static List<String> of(Path jdkHome, long pid) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            jdkHome.resolve("bin/java").toString(),
            "-jar",
            Side.agentJar().toString(),
            "status",
            Long.toString(pid));
    Path output = Files.createTempFile("onequeue-status-", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (ended && process.exitValue() == 0) {
        return Files.readAllLines(output);
      }
      String why = ended ? "it ended with " + process.exitValue() : "it did not answer";
      return List.of("not available: " + why);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
