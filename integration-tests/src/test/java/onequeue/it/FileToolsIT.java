package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs use above streams and channels gives what it gives without us. */
class FileToolsIT {
  private static final String PROGRAM = "onequeue.it.programs.FileTools";

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @CsvSource({
    "17,mode=unify,platform",
    "25,mode=unify,platform",
    "25,mode=unify,virtual",
    "25,mode=coroutine,platform"
  })
  void aProgramPrintsWhatItPrintsWithoutUs(int jdk, String options, String threads) {
    List<String> kind = List.of("-Dfiles.threads=" + threads);
    Result stock = Stock.run(jdk, kind, PROGRAM);
    assertThat(stock.out()).contains("all\n", "left false");
    AgentProcess.assertSame(
        AgentProcess.run(jdk, List.of(kind.get(0), agent(options)), PROGRAM), stock);
  }
}
