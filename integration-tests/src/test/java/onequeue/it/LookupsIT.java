package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Names are looked up as in stock; those that virtual threads wait for hold no carrier. */
class LookupsIT {
  private static final String PROGRAMS = "onequeue.it.programs.";
  private static final String VIRTUAL = "-Dfiles.threads=virtual";
  private static final String PLATFORM = "-Dfiles.threads=platform";
  private static final String IPV4 = "-Djava.net.preferIPv4Stack=true";
  private static final String UNCACHED = "-Dsun.net.inetaddr.ttl=0";

  /** As many as have a helper at once; more of them queue up. */
  private static final int HELPERS = 64;

  private static final int MANY = 200;

  @TempDir private Path dir;

  static Stream<Arguments> eachModeOnEachJdk() {
    return Stream.of(
        Arguments.of(17, "mode=observe", PLATFORM, UNCACHED),
        Arguments.of(17, "mode=unify", PLATFORM, UNCACHED),
        Arguments.of(17, "mode=unify", PLATFORM, IPV4),
        Arguments.of(25, "mode=observe", VIRTUAL, UNCACHED),
        Arguments.of(25, "mode=unify", PLATFORM, UNCACHED),
        Arguments.of(25, "mode=unify", VIRTUAL, UNCACHED),
        Arguments.of(25, "mode=unify", VIRTUAL, IPV4),
        Arguments.of(25, "mode=unify,stock=lookup", VIRTUAL, UNCACHED),
        Arguments.of(25, "mode=coroutine", PLATFORM, UNCACHED));
  }

  @ParameterizedTest(name = "JDK {0} {1} {2} {3}")
  @MethodSource("eachModeOnEachJdk")
  void allLookupsGiveWhatTheyGiveWithoutUs(int jdk, String mode, String threads, String option) {
    Result stock = Stock.run(jdk, List.of(threads, option), PROGRAMS + "LookupCalls");
    assertThat(stock.out())
        .contains("UnknownHostException", "getAllByName", "crowd: 100")
        .doesNotContain("NOT OVER");
    Result result =
        AgentProcess.run(jdk, List.of(threads, option, agent(mode)), PROGRAMS + "LookupCalls");
    AgentProcess.assertSame(result, stock);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"unify," + VIRTUAL, "coroutine," + PLATFORM})
  void manyThatWaitLeaveTheCarriersAndTheHelpersOfFilesFree(String mode, String threads) {
    try (AgentProcess process = blocked(25, MANY, "halt", threads, agent("mode=" + mode))) {
      Until.seen("all wait", process::printed, out -> out.contains("waiting"));
      assertThat(process.printed()).contains("turns 200", "written 4096");
      Status status =
          Until.seen(
              "the figures are written",
              () -> Status.of(process.pid()),
              seen -> seen.figure("name lookups") == MANY);
      assertThat(status.figure("lookup helpers")).isEqualTo(HELPERS);
      assertThat(status.text())
          .containsPattern("spares so far +[0-2]\n") // a busy machine holds up a carrier, too
          .containsPattern("stuck +0\n");
      assertThat(process.finish().err()).isEmpty();
    }
  }

  @ParameterizedTest(name = "JDK {0} {1} {2}")
  @CsvSource({
    "17,observe," + PLATFORM,
    "17,unify," + PLATFORM,
    "25,observe," + PLATFORM,
    "25,observe," + VIRTUAL,
    "25,unify," + PLATFORM,
    "25,unify," + VIRTUAL,
    "25,coroutine," + PLATFORM
  })
  void aLookupThatWaitsIsOneEvent(int jdk, String mode, String threads) throws Exception {
    Path recording = dir.resolve("run.jfr");
    String record =
        "-XX:StartFlightRecording=settings=none,filename="
            + recording
            + ",onequeue.Lookup#enabled=true,onequeue.Lookup#threshold=10ms";
    try (AgentProcess process =
        blocked(jdk, 1, "release", threads, agent("mode=" + mode), "-Xlog:disable", record)) {
      Until.seen("it waits", process::printed, out -> out.contains("waiting"));
      assertThat(process.finish().out()).contains("java.net.UnknownHostException: blocked0");
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("onequeue.Lookup"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("resource")).isEqualTo("blocked0");
              assertThat(event.getString("outcome")).isEqualTo("ready");
              assertThat(event.getString("mode")).isEqualTo(mode);
              assertThat(event.getThread("waker")).isNull();
              assertThat(String.valueOf(event.getThread().getJavaName()))
                  .doesNotContain("onequeue-");
            });
  }

  @Test
  void theOptionStockLeavesThemToTheJdk() {
    try (AgentProcess process = blocked(25, 1, "halt", VIRTUAL, agent("stock=lookup"))) {
      Until.seen("it waits", process::printed, out -> out.contains("waiting"));
      Status status =
          Until.seen(
              "the figures are written",
              () -> Status.of(process.pid()),
              seen ->
                  seen.figure("file operations by io_uring")
                          + seen.figure("file operations by helpers")
                      > 0);
      assertThat(status.figure("name lookups")).isZero();
      assertThat(status.text())
          .containsPattern("lookupAllHostAddr +0  stock \\(switched off by the option stock\\)");
      process.finish();
    }
  }

  private AgentProcess blocked(int jdk, int count, String then, String... options) {
    List<String> environment = List.of("env", "HOSTALIASES=" + dir.resolve("aliases"));
    return AgentProcess.start(
        jdk,
        environment,
        new ArrayList<>(List.of(options)),
        PROGRAMS + "LookupsBlocked",
        String.valueOf(count),
        then);
  }
}
