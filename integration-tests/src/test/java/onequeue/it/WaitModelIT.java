package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every order of steps in which a virtual thread can wait on its own, in a model; needs spin. */
@Execution(ExecutionMode.CONCURRENT)
class WaitModelIT {
  @TempDir private Path room;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DTHINGS=3",
        "-DTHINGS=3 -DPINNED",
        "-DWATCHES=2",
      })
  void nothingIsMissed(String switches) throws Exception {
    String printed = check(switches);
    assertThat(printed).contains("errors: 0");
    // Every step was taken but the end of the carriers, which have none.
    assertThat(printed.lines().filter(line -> line.contains(", state ")))
        .singleElement()
        .asString()
        .contains("-end-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DFORGETS_WOKEN",
        "-DAWAY_REGARDLESS",
        "-DWAKES_FIRST",
        "-DNONE_AFTERWARDS",
        "-DWATCHER_IGNORED",
        "-DPINNED -DNO_KICK"
      })
  void aBrokenTwinIsFoundOut(String switches) throws Exception {
    assertThat(check(switches)).contains("assertion violated (seen==2)", "errors: 1");
  }

  private String check(String switches) throws Exception {
    return new SpinModel("waits.pml", room).check(switches);
  }
}
