package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A model of a protocol in Promela, which {@code spin} goes through in every order of its steps.
 */
final class SpinModel {
  private static final Path MODELS = Path.of("..", "native-helper", "src", "model");
  private static final long PATIENCE_S = 120;

  private final Path file;
  private final Path room;

  /**
   * A model of the native helper's.
   *
   * @param name of its file
   * @param room an empty directory
   */
  SpinModel(String name, Path room) {
    this.file = MODELS.resolve(name).toAbsolutePath();
    this.room = room;
  }

  /** What the checker prints; the test is skipped where there is none. */
  String check(String switches) throws IOException, InterruptedException {
    if (!isInstalled("spin") || !isInstalled("gcc")) {
      String why = "spin and gcc are not both installed";
      System.out.printf("%s %s is skipped: %s%n", file.getFileName(), switches, why);
      abort(why);
    }
    List<String> spin = new ArrayList<>(List.of("spin"));
    spin.addAll(List.of(switches.split(" ")));
    spin.addAll(List.of("-a", file.toString()));
    run(spin);
    run(List.of("gcc", "-O2", "-DSAFETY", "-DCOLLAPSE", "-DMEMLIM=1000", "-o", "pan", "pan.c"));
    // -E: that a process waits at the end is as it should be; -b: all or nothing.
    String printed = run(List.of("./pan", "-E", "-b", "-m1000000"));
    assertThat(printed).doesNotContain("max search depth too small", "out of memory");
    return printed;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path printed = room.resolve("printed.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(room.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      String output = Files.readString(printed);
      assertThat(ended).as("%s has not ended: %s", command, output).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
