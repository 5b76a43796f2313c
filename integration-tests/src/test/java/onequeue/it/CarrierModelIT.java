package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every order of steps in which carriers can stop and be woken, in a model; needs {@code spin}. */
@Execution(ExecutionMode.CONCURRENT)
class CarrierModelIT {
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

  private String check(String switches) throws Exception {
    return new SpinModel("carriers.pml", room).check(switches);
  }
}
