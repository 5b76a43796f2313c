package onequeue.it;

import static onequeue.it.AgentProcess.agent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import onequeue.it.AgentProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which threads are adopted in mode coroutine, and how the user sees it; where none can be, one
 * line says so.
 */
class AdoptionRulesIT {
  private static final String PROGRAM = "onequeue.it.programs.RulesProgram";
  private static final String READY = "all wait\n";
  private static final String THREAD = "java.lang.Thread";
  private static final String ADOPTED = "adopted";
  private static final String EXCLUDED = "not adopted: excluded by the user";
  private static final String NOT_INCLUDED = "not adopted: not included by the user";

  /** The threads that options decide on, and their classes. */
  private static final Map<String, String> CHOSEN =
      Map.of(
          "web-1", THREAD,
          "web-2", THREAD,
          "db-1", THREAD,
          "job", THREAD,
          "pooled", THREAD,
          "legacy", PROGRAM + "$Legacy");

  /** Those that are never adopted, and their classes. */
  private static final Map<String, String> NEVER =
      Map.of("deep", THREAD, "forker", PROGRAM + "$Forker");

  private static final Map<String, String> WHY_NEVER =
      Map.of(
          "deep", "not adopted: it wants a larger stack",
          "forker", "not adopted: a thread of a ForkJoinPool");

  @TempDir private Path dir;

  private static Arguments rule(String options, String decision, String... left) {
    return Arguments.of(options, decision, Set.of(left));
  }

  static Stream<Arguments> rulesAndWhomTheyLeave() {
    return Stream.of(
        rule("", EXCLUDED),
        rule(",exclude=web-*", EXCLUDED, "web-1", "web-2"),
        rule(",exclude=*-1+*Program$Legacy", EXCLUDED, "web-1", "db-1", "legacy"),
        rule(",exclude=" + PROGRAM + "$Job", EXCLUDED, "job"),
        rule(",exclude=*", EXCLUDED, CHOSEN.keySet().toArray(String[]::new)),
        rule(",include=*$Legacy+*$Job+pool*", NOT_INCLUDED, "web-1", "web-2", "db-1"),
        rule(",include=web-1", NOT_INCLUDED, "web-2", "db-1", "job", "legacy", "pooled"));
  }

  @ParameterizedTest(name = "mode=coroutine{0}")
  @MethodSource("rulesAndWhomTheyLeave")
  void whoIsLeftIsAThreadOfTheKernelAndTheRestAreNot(String rule, String decision, Set<String> left)
      throws IOException {
    Map<String, String> decisions = new TreeMap<>(WHY_NEVER);
    CHOSEN.keySet().forEach(name -> decisions.put(name, left.contains(name) ? decision : ADOPTED));
    JfrFile file = JfrFile.in(dir);
    List<String> options = new ArrayList<>(file.options());
    options.add(agent("mode=coroutine" + rule));
    try (AgentProcess process = AgentProcess.start(25, options, PROGRAM)) {
      Until.seen("all wait", process::printed, READY::equals);
      assertThat(kernelThreads(process.pid()))
          .containsExactlyInAnyOrderElementsOf(
              decisions.keySet().stream().filter(t -> !decisions.get(t).equals(ADOPTED)).toList());
      Set<String> lines = statusLines(decisions);
      Until.seen(
          "status shows " + lines,
          () -> Status.of(process.pid()),
          status -> status.text().lines().map(String::strip).toList().containsAll(lines));
      assertThat(process.finish()).isEqualTo(new Result(0, READY, ""));
    }
    eachStartIsAnEvent(file.events(), decisions);
  }

  /** Those of the program, by the names that the kernel has for them. */
  private static List<String> kernelThreads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks
          .map(task -> nameIn(task.resolve("comm")))
          .filter(name -> CHOSEN.containsKey(name) || NEVER.containsKey(name))
          .toList();
    }
  }

  private static String nameIn(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads whose names differ in digits only are counted in one line. */
  private static Set<String> statusLines(Map<String, String> decisions) {
    Map<String, Integer> counts = new HashMap<>();
    decisions.forEach(
        (name, decision) -> {
          String group = name.replaceAll("\\d+", "*") + " (" + classOf(name) + "): " + decision;
          counts.merge(group, 1, Integer::sum);
        });
    return counts.entrySet().stream()
        .map(group -> group.getValue() + "  " + group.getKey())
        .collect(Collectors.toSet());
  }

  private static void eachStartIsAnEvent(
      List<RecordedEvent> events, Map<String, String> decisions) {
    List<RecordedEvent> starts =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("onequeue.Adoption"))
            .filter(event -> decisions.containsKey(event.getString("startedThread")))
            .toList();
    assertThat(starts)
        .extracting(event -> event.getString("startedThread"))
        .containsExactlyInAnyOrderElementsOf(decisions.keySet());
    for (RecordedEvent start : starts) {
      String name = start.getString("startedThread");
      String reason = start.getString("reason");
      assertThat(start.getBoolean("adopted")).as(name).isEqualTo(reason == null);
      assertThat(reason == null ? ADOPTED : "not adopted: " + reason)
          .as(name)
          .isEqualTo(decisions.get(name));
      assertThat(start.getClass("threadClass").getName()).isEqualTo(classOf(name));
      assertThat(start.getStackTrace().getFrames())
          .as("where %s was started", name)
          .anyMatch(frame -> frame.getMethod().getType().getName().equals(PROGRAM));
    }
  }

  private static String classOf(String name) {
    return CHOSEN.getOrDefault(name, NEVER.get(name));
  }

  @Test
  void aThreadDumpHasTheAdoptedThreadsWithTheirStacks() {
    List<String> options = List.of(agent("mode=coroutine"));
    try (AgentProcess process = AgentProcess.start(25, options, PROGRAM)) {
      Until.seen("all wait", process::printed, READY::equals);
      String dump = Tool.run("threads", String.valueOf(process.pid()));
      for (String name : CHOSEN.keySet()) {
        assertThat(dump)
            .containsPattern(
                "\"" + name + "\" virtual.*\\n( .*\\n)* +at " + PROGRAM + "\\.waitForTheEnd\\(");
      }
      assertThat(process.finish()).isEqualTo(new Result(0, READY, ""));
    }
  }

  static Stream<Arguments> vmsThatCannotAdopt() {
    String[] off = {"-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations"};
    return Stream.of(
        Arguments.of(17, List.of(), "mode 'coroutine' needs JDK 24 or later, this is 17"),
        Arguments.of(25, List.of(off), "-XX:-VMContinuations has switched off"));
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("vmsThatCannotAdopt")
  void whereNoneCanBeAdoptedOneLineSaysSoAndTheProgramRunsInUnify(
      int jdk, List<String> options, String words) throws IOException {
    List<String> attached = new ArrayList<>(options);
    attached.add(agent("mode=coroutine"));
    Result result;
    try (AgentProcess process = AgentProcess.start(jdk, attached, PROGRAM)) {
      Until.seen("all wait", process::printed, READY::equals);
      assertThat(Status.of(process.pid()).text()).containsPattern("mode +unify");
      assertThat(kernelThreads(process.pid())).containsAll(CHOSEN.keySet());
      result = process.finish();
    }
    assertThat(result.exitCode()).isZero();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("onequeue: ").contains(words, "running in mode unify");
  }

  @ParameterizedTest(name = "JDK {0} {1}")
  @MethodSource("vmsThatCannotAdopt")
  void strictEndsSuchAVmWithThatLine(int jdk, List<String> options, String words) {
    List<String> attached = new ArrayList<>(options);
    attached.add(agent("mode=coroutine,strict=true"));
    Result result = AgentProcess.run(jdk, attached, PROGRAM);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("onequeue: ").contains(words);
  }
}
