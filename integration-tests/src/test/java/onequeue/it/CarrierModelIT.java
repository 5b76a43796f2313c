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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every order of steps in which carriers can stop and be woken, in a model; needs {@code spin}. */
class CarrierModelIT {
  private static final Path MODEL =
      Path.of("..", "native-helper", "src", "model", "carriers.pml").toAbsolutePath();
  private static final long PATIENCE_S = 120;

  @TempDir private Path room;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DCARRIERS=2",
        "-DCARRIERS=2 -DALLOWED=1",
        "-DCARRIERS=2 -DBRINGERS=2 -DTIMERS=0",
        "-DCARRIERS=3 -DTIMERS=0"
      })
  void nothingIsForgotten(String switches) throws Exception {
    // The second: some order of steps did come to the model's last assertion.
    assertThat(check(switches)).contains("errors: 0", "unreached in init\n\t(0 of ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DNO_SECOND_LOOK",
        "-DNO_WAKER",
        "-DNO_KICK",
        "-DNO_LOOK_AT_THE_POLLER -DALLOWED=1",
        "-DGLANCE_KEEPS_THE_KICK",
        "-DNO_SECOND_TIMER_LOOK",
        "-DNO_LOOK_ASIDE -DALLOWED=1"
      })
  void aBrokenTwinIsFoundOut(String switches) throws Exception {
    assertThat(check(switches)).contains("assertion violated", "errors: 1");
  }

  /** What the checker prints. */
  private String check(String switches) throws Exception {
    if (!isInstalled("spin") || !isInstalled("gcc")) {
      String why = "spin and gcc are not both installed";
      System.out.printf("CarrierModelIT skips %s: %s%n", switches, why);
      abort(why);
    }
    List<String> spin = new ArrayList<>(List.of("spin"));
    spin.addAll(List.of(switches.split(" ")));
    spin.addAll(List.of("-a", MODEL.toString()));
    run(spin);
    run(List.of("gcc", "-O2", "-DSAFETY", "-DCOLLAPSE", "-DMEMLIM=1000", "-o", "pan", "pan.c"));
    // -E: that a carrier waits at the end is as it should be; -b: all or nothing.
    String printed = run(List.of("./pan", "-E", "-b", "-m100000"));
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
