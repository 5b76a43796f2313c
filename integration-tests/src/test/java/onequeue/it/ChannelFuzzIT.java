package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs over channels and selectors see the same without us and with us: each step, in
 * each of the threads it may run in.
 *
 * <p>With {@code -Donequeue.fuzz.steps=250000} as many steps on each side (three sides with us),
 * and with {@code -Donequeue.fuzz.seed=N} the program of that seed, which is told when it fails.
 */
class ChannelFuzzIT {
  private static final String PROGRAM = "onequeue.it.programs.ChannelFuzz";
  private static final int STEPS = Integer.getInteger("onequeue.fuzz.steps", 15_000);
  private static final long SEED = Long.getLong("onequeue.fuzz.seed", System.nanoTime());

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

  private void assertSame(int jdk, String mode, List<String> options) throws IOException {
    String seed = String.valueOf(SEED);
    String steps = String.valueOf(STEPS);
    Result stock = Stock.run(jdk, options, PROGRAM, seed, steps, "digests");
    assertThat(stock.exitCode()).as(stock.out()).isZero();
    Path digests = Files.writeString(room.resolve("digests"), stock.out());
    List<String> attached = new ArrayList<>(options);
    attached.add(0, agent("mode=" + mode));
    Result with =
        AgentProcess.run(
            jdk, attached, PROGRAM, seed, steps, "against", digests.toAbsolutePath().toString());
    assertThat(with.out())
        .as(() -> "seed " + seed + "; without us:\n" + history(jdk, options, seed, with.out()))
        .isEqualTo(steps + " steps\n");
    assertThat(with.exitCode()).isZero();
  }

  /** The lines of a run without us where the other has found a difference. */
  private static String history(int jdk, List<String> options, String seed, String out) {
    String[] words = out.lines().findFirst().orElse("").split(" ");
    if (!words[0].equals("differs")) {
      return "";
    }
    return AgentProcess.run(jdk, options, PROGRAM, seed, words[5], "history", words[3], words[5])
        .out();
  }
}
