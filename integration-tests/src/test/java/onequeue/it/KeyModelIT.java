package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every order of steps in which a selector's keys can come and go, in a model; needs spin. */
@Execution(ExecutionMode.CONCURRENT)
class KeyModelIT {
  @TempDir private Path room;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DREPEATS_MOST=1 -DAHEAD=3",
        "-DREPEATS_MOST=2 -DAHEAD=2",
      })
  void nothingIsMissed(String switches) throws Exception {
    String printed = check(switches);
    assertThat(printed).contains("errors: 0");
    // Every step was taken but the end of each process, which has none.
    assertThat(printed.split("\\(1 of \\d+ states\\)")).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DNO_LOOK",
        "-DDRAINED_FIRST",
        "-DUNMARKED_EDGE",
        "-DNO_END",
        "-DNO_LOOK_OF_KERNEL",
        "-DNOT_REMEMBERED",
        "-DNO_LOOK_AT_READY",
        "-DTOLD_ONCE",
        "-DLEVEL_IN_NAME"
      })
  void aTwinThatMissesSomethingIsFoundOut(String switches) throws Exception {
    assertThat(check(switches + " -DNO_ANSWERS")).contains("violated ((reported", "errors: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DANSWERS_TWICE",
        "-DKEEPS_DRY",
        "-DANSWERS_IN_DOUBT",
        "-DANSWERS_THE_END",
        "-DANSWERS_UNTOLD",
        "-DADD_SAYS_LOOK",
        "-DEDGE_TOO_EARLY",
        "-DADD_FORGETS_THE_END",
        "-DEARLY_END"
      })
  void aTwinThatAnswersWronglyIsFoundOut(String switches) throws Exception {
    assertThat(check(switches)).contains("violated nothingBefore", "errors: 1");
  }

  private String check(String switches) throws Exception {
    return new SpinModel("keys.pml", room).check(switches);
  }
}
