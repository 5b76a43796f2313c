package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import onequeue.bench.Bench;
import onequeue.bench.Jdks;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each comparison, once, in its smallest form: it says of each side how it compares. */
class BenchIT {
  private static final long PATIENCE_S = 180;

  /** Of a side: the median, the ratio to the base, and its spread. */
  private static final String RATIO = " +%s +[0-9.]+ +[0-9.]+ \\([0-9.]+\\.\\.[0-9.]+\\)";

  /** Of a side: the median, the quartiles, and what it adds to the base. */
  private static final String ADDITION = "%s +[0-9.]+ +[0-9.]+\\.\\.[0-9.]+ +-?[0-9.]+";

  @TempDir private Path dir;

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "pingpong | --round-trips=100 --reps=1 | through queue, ns",
        "sleepers | --threads=100 --from=500 --window=100 | late p99 us",
        "idle | --jdk=25 --connections=2 --load=0.2 --settle=0 --seconds=1 | CPU us/s",
        "memory | --connections=100 | 100: RSS MB in all",
        "processes | --jdk=25 --count=5 --at-once=5 | threads at once",
        "files | --jdk=25 --mib=16 --passes=1 --threads=4 --seconds=0.2 | 4: late p99 us",
        "census | --jdk=25 | threads, JDK",
        "backend | --clients=2 --warmup=0.2 --seconds=0.2 | 2 clients, p50 us"
      })
  void comparesSidesAndVariants(String name, String options, String measure)
      throws IOException, InterruptedException {
    compare(
        name, options + " --rounds=1", "virtual,unify,unify-virtual,coroutine", measure + RATIO);
  }

  @ParameterizedTest(name = "http {0}")
  @CsvSource("--jdk=25 --connections=2 --warmup=0 --seconds=0.2 --rounds=1")
  void comparesServers(String options) throws IOException, InterruptedException {
    compare("http", options, "virtual,observe,unify,coroutine", "requests/s" + RATIO);
  }

  @ParameterizedTest(name = "startup {0}")
  @CsvSource("--jdk=25 --runs=1")
  void comparesStarts(String options) throws IOException, InterruptedException {
    compare("startup", options, "observe,unify,coroutine", ADDITION);
  }

  private void compare(String name, String options, String others, String line)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
    arguments.add("--sides=stock," + others);
    String printed = bench(name, arguments);
    for (String side : others.split(",")) {
      assertThat(printed).containsPattern("(?m)^" + String.format(line, side) + "$");
    }
  }

  /** What it prints, when it ends well. */
  private String bench(String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Jdks.running().resolve("bin/java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Donequeue.jar=" + AgentProcess.JAR);
    command.add("-Donequeue.toolchains=" + System.getProperty("onequeue.toolchains", ""));
    command.addAll(List.of(Bench.class.getName(), name));
    command.addAll(arguments);
    Path out = dir.resolve("printed.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      String printed = Files.readString(out);
      assertThat(ended).as("ended in time, having printed:%n%s", printed).isTrue();
      assertThat(process.exitValue()).as(printed.replace("%", "%%")).isZero();
      return printed;
    } finally {
      // If it hangs: its children first, for not all of them end with it.
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
