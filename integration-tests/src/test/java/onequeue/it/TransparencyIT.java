package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program cannot tell that we are there: it prints the same and ends the same. */
@Execution(ExecutionMode.CONCURRENT)
class TransparencyIT {
  private static final String PROGRAMS = "onequeue.it.programs.Transparency";
  private static final String CHECKED = "-Xcheck:jni";

  /** JNA is loaded, and called three times at start, without the checks that the VM asks for. */
  private static final Pattern JNA_WARNING =
      Pattern.compile("WARNING.*\n(?:\t.*\n)*?\tat com\\.sun\\.jna\\..*\n(?:\t.*\n)*");

  /** What waits: worth a run under the VM's own checks of native code too. */
  private static final List<String> WAITS =
      List.of("Blocked close", "Blocked interrupt", "Streams", "Select", "Parks", "Files");

  /** {@link AdoptionIT} looks at the states of adopted threads. */
  private static final List<String> STATES_UNSEEN = List.of("-Dtransparency.states-unseen=true");

  private static final List<String> ENDS =
      List.of(
          "Exit exit",
          "Exit halt",
          "Exit uncaught",
          "Exit uncaught-in-thread",
          "Exit handler",
          "Exit daemon",
          "Exit non-daemon");

  private static final List<String> LOOKS = List.of("Footprint logging", "Footprint properties");

  /** The VM's own lists of its threads, of which mode coroutine has others. */
  private static final List<String> THREADS = List.of("Footprint threads", "Parks dump");

  @TempDir private Path directory;

  static Stream<Arguments> eachProgramOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (int jdk : new int[] {17, 25}) {
      for (String program : WAITS) {
        all.add(Arguments.of(jdk, "mode=unify", List.of(CHECKED), program));
      }
      for (String mode : List.of("mode=observe", "mode=unify")) {
        Stream.of(WAITS, ENDS, LOOKS, THREADS)
            .flatMap(List::stream)
            .forEach(program -> all.add(Arguments.of(jdk, mode, List.of(), program)));
        if (jdk >= 21) {
          all.add(Arguments.of(jdk, mode, List.of(), "Virtual"));
        }
      }
    }
    for (String program : WAITS) {
      if (!program.equals("Parks")) { // which tells the monitors that threads wait for
        all.add(Arguments.of(25, "mode=coroutine", STATES_UNSEEN, program));
      }
    }
    Stream.of(ENDS, LOOKS)
        .flatMap(List::stream)
        .forEach(program -> all.add(Arguments.of(25, "mode=coroutine", List.of(), program)));
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0} {1} {2} {3}")
  @MethodSource("eachProgramOnEachJdkInEachMode")
  void aProgramPrintsWhatItPrintsWithoutUs(
      int jdk, String mode, List<String> options, String program) {
    String[] words = (PROGRAMS + program).split(" ");
    Result stock = Stock.run(jdk, options, words);
    List<String> attached = new ArrayList<>(options);
    attached.add(agent(mode));
    Result result = AgentProcess.run(jdk, attached, words);
    String out = result.out();
    if (options.contains(CHECKED)) {
      out = JNA_WARNING.matcher(out).replaceAll("");
    }
    AgentProcess.assertSame(new Result(result.exitCode(), out, result.err()), stock);
    assertThat(stock.out()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void ofOurDescriptorsOnlyTheQueueIsThere(int jdk) {
    String[] program = {PROGRAMS + "Footprint", "descriptors"};
    List<String> stock = kinds(AgentProcess.run(jdk, List.of(), program));
    for (String mode : List.of("mode=observe", "mode=unify")) {
      List<String> ours = kinds(AgentProcess.run(jdk, List.of(agent(mode)), program));
      stock.forEach(ours::remove);
      // The socket is the JDK's own: the end it puts in place of a closed descriptor.
      assertThat(ours)
          .containsOnlyOnce(
              "/memfd:onequeue (deleted)", "anon_inode:[eventpoll]", "anon_inode:[eventfd]")
          .allMatch(
              name ->
                  name.startsWith("/memfd:onequeue")
                      || name.startsWith("anon_inode:[event")
                      || name.equals("socket:")
                      || name.equals(AgentProcess.JAR.normalize().toString()))
          .hasSizeLessThanOrEqualTo(6);
    }
  }

  private static List<String> kinds(Result result) {
    assertThat(result.exitCode()).isZero();
    List<String> kinds = new ArrayList<>();
    result
        .out()
        .lines()
        .map(line -> line.replaceAll("(socket:|pipe:).*", "$1"))
        .forEach(kinds::add);
    kinds.removeIf(line -> line.contains("/agent-process/") || line.contains("/proc/"));
    return kinds;
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void nothingIsLeftInTheHomeNorInTheTemporaryDirectory(int jdk) throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    for (String mode : List.of("mode=observe", "mode=unify")) {
      List<String> options =
          List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary, agent(mode));
      List<String> wrapper = List.of("env", "HOME=" + home);
      try (AgentProcess process =
          AgentProcess.start(jdk, wrapper, options, PROGRAMS + "Exit", "daemon")) {
        assertThat(process.finish().exitCode()).isZero();
      }
      assertThat(home).isEmptyDirectory();
      assertThat(temporary).isEmptyDirectory();
    }
  }
}
