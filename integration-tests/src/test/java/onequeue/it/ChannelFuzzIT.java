package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs over channels and selectors see the same without us and with us: each step, in
 * each of the threads it may run in.
 *
 * <p>With {@code -Donequeue.fuzz.steps=250000} as many steps on each side (three sides with us),
 * and with {@code -Donequeue.fuzz.seed=N} the program of that seed.
 */
class ChannelFuzzIT {
  private static final String PROGRAM = "onequeue.it.programs.ChannelFuzz";
  private static final int STEPS = Integer.getInteger("onequeue.fuzz.steps", 5_000);
  private static final long SEED = Long.getLong("onequeue.fuzz.seed", 1);

  /** As long as all that differs is what differs without us too. */
  private static final int MOST_RUNS = 3;

  private static final String OPENED = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";
  private static final String POLLED =
      "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.PollSelectorProvider";

  @TempDir private Path room;

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,unify", "25,coroutine"})
  void channelsDoTheSame(int jdk, String mode) throws IOException {
    assertSame(jdk, mode, List.of(OPENED));
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @CsvSource({"17,unify", "25,coroutine"})
  void selectorsOnPollDoTheSame(int jdk, String mode) throws IOException {
    assertSame(jdk, mode, List.of(OPENED, POLLED));
  }

  /** That this can fail: with a helper that takes a read that was full for all there was. */
  @Test
  void aBrokenHelperIsFound() throws Exception {
    Process make =
        new ProcessBuilder("make", "-s", "-C", "../native-helper", "broken").inheritIO().start();
    assertThat(make.waitFor()).isZero();
    Path jar = Files.copy(AgentProcess.JAR, room.resolve("broken.jar"));
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        Stream<Path> files = Files.walk(inside.getPath("/"))) {
      Path helper = files.filter(file -> file.endsWith("libonequeue.so")).findFirst().orElseThrow();
      Path broken = Path.of("../native-helper/target/broken/libonequeue.so");
      Files.copy(broken, helper, StandardCopyOption.REPLACE_EXISTING);
    }
    Result stock = Stock.run(17, List.of(OPENED), program("digests"));
    assertThat(attached(17, "-javaagent:" + jar + "=mode=unify", List.of(OPENED), stock).out())
        .startsWith("differs within steps ")
        .contains(" LOST ");
  }

  private void assertSame(int jdk, String mode, List<String> options) throws IOException {
    for (int i = 1; true; i++) {
      Result stock =
          i == 1
              ? Stock.run(jdk, options, program("digests"))
              : AgentProcess.run(jdk, options, program("digests"));
      assertThat(stock.exitCode()).as(stock.out()).isZero();
      Result with = attached(jdk, agent("mode=" + mode), options, stock);
      if (with.out().startsWith("differs")) {
        String again = again(jdk, options, with.out());
        if (i < MOST_RUNS && with.out().endsWith("\n" + again)) {
          continue;
        }
        assertThat(with.out()).as("seed " + SEED + "; with us").isEqualTo(again);
      }
      assertThat(with.out()).as("seed " + SEED).isEqualTo(STEPS + " steps\n");
      assertThat(with.exitCode()).isZero();
      return;
    }
  }

  private Result attached(int jdk, String agent, List<String> options, Result stock)
      throws IOException {
    Path digests = Files.writeString(room.resolve("digests"), stock.out());
    List<String> all = new ArrayList<>(options);
    all.add(0, agent);
    return AgentProcess.run(jdk, all, program("against", digests.toString()));
  }

  /**
   * What is printed without us of the steps that differ: should it be the same after all, then the
   * runs without us differ, as they do once in some 100,000 steps.
   */
  private static String again(int jdk, List<String> options, String out) {
    String[] words = out.lines().findFirst().orElseThrow().split(" ");
    int to = Integer.parseInt(words[5]);
    int block = to - Integer.parseInt(words[3]);
    int from = Math.max(0, to - 2 * block);
    return AgentProcess.run(
            jdk, options, program("history", String.valueOf(from), String.valueOf(to)))
        .out();
  }

  private static String[] program(String... words) {
    return Stream.concat(
            Stream.of(PROGRAM, String.valueOf(SEED), String.valueOf(STEPS)), Stream.of(words))
        .toArray(String[]::new);
  }
}
