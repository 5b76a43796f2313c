package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import onequeue.bench.Jdks;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong options and places the agent cannot work in: one line says what is wrong and what to do,
 * and the program runs on as without us.
 */
@Execution(ExecutionMode.CONCURRENT)
class BadInputIT {
  private static final String PROGRAM = "onequeue.it.programs.BadInputProgram";
  private static final int THREADS = 100;
  private static final String[] RUN = {PROGRAM, String.valueOf(THREADS)};
  private static final int EXIT_CODE = 3;

  @TempDir private Path directory;

  private static Arguments option(String options, String... words) {
    return Arguments.of(List.of(agent(options)), words);
  }

  private static Arguments property(String property, String... words) {
    return Arguments.of(List.of(property, agent("mode=unify")), words);
  }

  static Stream<Arguments> whatIsWrongAndWhatTheLineSays() {
    List<Arguments> cases = new ArrayList<>();
    cases.add(option("speed=9", "unknown option 'speed'", "the options are mode, carriers"));
    cases.add(option("observe", "unknown option 'observe'", "the options are mode"));
    cases.add(option("mode", "option 'mode' has no value", "mode=observe, unify or coroutine"));
    cases.add(
        option("mode=wild", "bad value 'wild'", "observe, unify or coroutine", "in mode unify"));
    cases.add(option("carriers=0", "bad value '0'", "a number from 1 to 1024", "taking"));
    cases.add(option("strict=maybe", "bad value 'maybe'", "true or false", "taking false"));
    cases.add(option("enabled=", "bad value ''", "true or false", "taking true"));
    cases.add(option("stock=tea", "unknown kind 'tea'", "the kinds are [park, sleep"));
    cases.add(option("native-dir=", "bad value ''", "a directory", "taking java.io.tmpdir"));
    cases.add(option("native-dir=/proc", "cannot write", "/proc", "native-dir=DIR"));
    cases.add(property("-Donequeue.mode=wild", "bad value 'wild'", "observe, unify or coroutine"));
    cases.add(property("-Dos.name=Plan9", "needs Linux", "plan9", "runs as without it"));
    cases.add(property("-Dos.arch=sparc", "knows x86-64 and aarch64", "sparc"));
    cases.add(property("-Djava.io.tmpdir=/no/such", "cannot write", "/no/such", "native-dir=DIR"));
    cases.add(property("-Djava.io.tmpdir=/sys", "cannot write", "/sys", "native-dir=DIR"));
    cases.add(property(agent("mode=observe"), "attached twice", "one -javaagent option only"));
    cases.add(
        property(
            "--limit-modules=java.base,java.instrument,java.management,jdk.management",
            "no module jdk.jfr",
            "add it to the"));
    return cases.stream()
        .flatMap(c -> Stream.of(17, 25).map(jdk -> Arguments.of(jdk, c.get()[0], c.get()[1])));
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("whatIsWrongAndWhatTheLineSays")
  void oneLineSaysWhatIsWrongAndTheProgramRunsOn(int jdk, List<String> options, String... words) {
    List<String> stockOptions = options.stream().filter(o -> !o.startsWith("-javaagent")).toList();
    Result stock = AgentProcess.run(jdk, stockOptions, RUN);
    assertOneLine(AgentProcess.run(jdk, options, RUN), stock, words);
  }

  /** Later JDKs have no such thing. */
  @Test
  void underASecurityManagerOneLineSaysSoAndTheProgramRunsOn() {
    List<String> options = List.of("-Djava.security.manager=default", agent("mode=unify"));
    Result stock = AgentProcess.run(17, options.subList(0, 1), RUN);
    Result attached = AgentProcess.run(17, options, RUN);
    assertThat(attached.err()).contains("not attached", "remove -Djava.security.manager");
    assertThat(attached.out()).isEqualTo(stock.out());
    assertThat(attached.exitCode()).isEqualTo(stock.exitCode());
  }

  private static void assertOneLine(Result attached, Result stock, String... words) {
    assertThat(stock.exitCode()).isEqualTo(EXIT_CODE);
    assertThat(attached.out()).isEqualTo(stock.out());
    assertThat(attached.exitCode()).isEqualTo(stock.exitCode());
    List<String> lines = new ArrayList<>(attached.err().lines().toList());
    stock.err().lines().forEach(lines::remove);
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("onequeue: ").contains(words);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void anImageWithoutJfrIsToldOnce(int jdk) throws Exception {
    Path home = Jdks.home(jdk);
    if (!Files.isDirectory(home.resolve("jmods"))) {
      skip("JDK " + jdk + " has no jmods to link an image from; see --limit-modules instead");
    }
    Path image = directory.resolve("image");
    String modules = "java.base,java.instrument,java.management,jdk.management";
    String jlink = home.resolve("bin/jlink").toString();
    assertThat(command(List.of(jlink, "--add-modules", modules, "--output", image.toString())))
        .isZero();
    // The first word is the JDK's own java: the image's comes in its place.
    String script = "shift; exec " + image + "/bin/java \"$@\"";
    List<String> wrapper = List.of("bash", "-c", script, "bash");
    assertOneLine(
        wrapped(jdk, wrapper, List.of(agent("mode=unify"))),
        wrapped(jdk, wrapper, List.of()),
        "no module jdk.jfr",
        "jlink --add-modules");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aNoexecDirectoryIsNamedWithTheWayOut(int jdk) throws Exception {
    Path noexec = Files.createDirectory(directory.resolve("noexec"));
    if (command(List.of("mount", "-t", "tmpfs", "-o", "noexec", "none", noexec + "")) != 0) {
      skip("no right to mount a directory noexec");
    }
    try {
      String option = "-Djava.io.tmpdir=" + noexec;
      Result attached = AgentProcess.run(jdk, List.of(option, agent("mode=unify")), RUN);
      Result stock = AgentProcess.run(jdk, List.of(option), RUN);
      assertOneLine(attached, stock, "cannot load", noexec.toString(), "noexec", "native-dir=DIR");
      assertThat(noexec).isEmptyDirectory();
      String way = "native-dir=" + directory;
      AgentProcess.assertSame(AgentProcess.run(jdk, List.of(option, agent(way)), RUN), stock);
    } finally {
      assertThat(command(List.of("umount", noexec.toString()))).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void underALowDescriptorLimitThreadsWaitTheStockWay(int jdk) {
    List<String> limit = List.of("bash", "-c", "ulimit -n 256 && exec \"$@\"", "bash");
    Result stock = wrapped(jdk, limit, List.of());
    assertThat(stock.exitCode()).isEqualTo(EXIT_CODE);
    for (String mode : List.of("mode=observe", "mode=unify")) {
      AgentProcess.assertSame(wrapped(jdk, limit, List.of(agent(mode))), stock);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void withoutEpollPwait2ThreadsWaitByTheOlderCalls(int jdk) throws Exception {
    String launcher = seccomp();
    for (String error : List.of("ENOSYS", "EPERM")) {
      List<String> forbid = List.of(launcher, error);
      Result stock = wrapped(jdk, forbid, List.of());
      assertThat(stock.exitCode()).isEqualTo(EXIT_CODE);
      AgentProcess.assertSame(wrapped(jdk, forbid, List.of(agent("mode=unify"))), stock);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void withoutPidfdsChildrenAreWaitedForByTheJdk(int jdk) throws Exception {
    String launcher = seccomp();
    String[] program = {PROGRAM, "child"};
    for (String error : List.of("ENOSYS", "EPERM")) {
      List<String> options = List.of(agent("mode=unify"));
      try (AgentProcess process =
          AgentProcess.start(jdk, List.of(launcher, error), options, program)) {
        while (!process.printed().contains("started")) {
          Thread.onSpinWait();
        }
        assertThat(Status.of(process.pid()).text())
            .containsPattern("child exit +a thread of the JDK each \\(\\w");
        AgentProcess.assertSame(process.finish(), AgentProcess.run(jdk, List.of(), program));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9", "11", "16", "21", "26"})
  void anOtherJdkIsRefusedWithTheOnesToUse(String version) {
    for (int jdk : new int[] {17, 25}) {
      String jar = AgentProcess.JAR.toString();
      Result result = AgentProcess.run(jdk, List.of(), PROGRAM, "doorstep", jar, version, "");
      assertThat(result.exitCode()).isZero();
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err())
          .contains("not attached", "knows JDK 17 and 25", "this is " + version, "use one of");
      String strict = "mode=unify,strict=true";
      assertThat(
              AgentProcess.run(jdk, List.of(), PROGRAM, "doorstep", jar, version, strict)
                  .exitCode())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void strictEndsTheVmWhereTheAgentCannotWork(int jdk) {
    for (String property : List.of("-Dos.name=Plan9", "-Dos.arch=sparc", "-Djava.io.tmpdir=/sys")) {
      Result result = AgentProcess.run(jdk, List.of(property, agent("strict=true")), RUN);
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out()).isEmpty();
      assertThat(result.err().lines()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void enabledFalseDoesNothing(int jdk) {
    Result stock = AgentProcess.run(jdk, List.of(), PROGRAM, "mappings");
    List<String> off = List.of(agent("enabled=false,native-dir=/no/such"));
    AgentProcess.assertSame(AgentProcess.run(jdk, off, PROGRAM, "mappings"), stock);
    assertThat(stock.out()).isEqualTo("0\n");
    assertThat(AgentProcess.run(jdk, List.of(agent("mode=unify")), PROGRAM, "mappings").out())
        .isNotEqualTo("0\n");
  }

  private String seccomp() throws Exception {
    Path source = Path.of("src/test/c/seccomp.c").toAbsolutePath();
    Path launcher = directory.resolve("seccomp");
    if (command(List.of("gcc", "-o", launcher.toString(), source.toString())) != 0) {
      skip("no gcc");
    }
    if (command(List.of(launcher.toString(), "ENOSYS", "/bin/true")) != 0) {
      skip("seccomp filters cannot be installed here");
    }
    return launcher.toString();
  }

  private static Result wrapped(int jdk, List<String> wrapper, List<String> options) {
    try (AgentProcess process = AgentProcess.start(jdk, wrapper, options, RUN)) {
      return process.finish();
    }
  }

  private static int command(List<String> command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException notThere) {
      return -1;
    }
  }

  private static void skip(String why) {
    System.out.println("BadInputIT skips: " + why);
    abort(why);
  }
}
