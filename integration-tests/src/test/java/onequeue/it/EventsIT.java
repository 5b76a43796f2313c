package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of wait, on each JDK, in each mode: as stock to the program, and an event in the file.
 */
@Execution(ExecutionMode.CONCURRENT)
class EventsIT {
  private static final String PROGRAM = "onequeue.it.programs.KindProgram";
  private static final Duration MOMENT = Duration.ofMillis(10);

  private static final String CAT = "pid \\d+ /.*";

  /** What is expected of one wait of the thread {@code waiter}; the seam is null if it has none. */
  private record Expected(
      String program, String event, String resource, String outcome, String waker, String seam) {}

  private static final List<Expected> EXPECTED =
      List.of(
          new Expected("accept", "Accept", "127.0.0.1:\\d+", "ready", null, "Net.accept"),
          new Expected("connect", "Connect", "127.0.0.1:\\d+", "ready", null, "Net.connect0"),
          new Expected("read", "Read", "127.0.0.1:\\d+", "ready", null, "SocketDispatcher.read0"),
          new Expected("read-timed-out", "Read", "127.0.0.1:\\d+", "timed out", null, "Net.poll"),
          new Expected("read-closed", "Read", "127.0.0.1:\\d+", "closed", "main", "signal0?"),
          new Expected(
              "write",
              "Write",
              "127.0.0.1:\\d+",
              "ready",
              null,
              "ch.(?:Socket|File)Dispatcher(?:Impl)?.write0"),
          new Expected("datagram", "Datagram", "127.0.0.1:\\d+", "ready", null, "receive0"),
          new Expected("select", "Select", ".*eventpoll.*", "ready", "main", "EPoll.wait"),
          new Expected("sleep", "Sleep", "", "timed out", null, "Thread.sleep\\w*"),
          new Expected("sleep-interrupted", "Sleep", "", "interrupted", "main", "interrupt0"),
          new Expected("park", "Park", "", "unparked", "main", "Unsafe.park"),
          new Expected("park-interrupted", "Park", "", "interrupted", "main", "Unsafe.park"),
          new Expected("park-timed-out", "Park", "", "timed out", null, "Unsafe.park"),
          new Expected(
              "pipe", "Pipe", "pipe:\\[\\d+\\]", "ready", null, "FileInputStream.readBytes"),
          new Expected("fifo", "Pipe", ".*/kind", "ready", null, "RandomAccessFile.read0"),
          new Expected(
              "fifo-full", "Pipe", ".*/kind", "ready", null, "FileOutputStream.writeBytes"),
          new Expected("file", "File", ".*kind.*bin", "ready", null, "force0"),
          new Expected("watch", "Watch", ".*kind.*", "ready", ".*", "LinuxWatchService.poll"),
          new Expected("process", "Process", CAT, "ready", null, null),
          new Expected("process-timed-out", "Process", CAT, "timed out", null, null),
          new Expected("process-interrupted", "Process", CAT, "interrupted", null, null),
          new Expected(
              "lookup", "Lookup", "blocked", "ready", null, "Inet6AddressImpl.lookupAllHostAddr"),
          new Expected("idle", "Idle", "", "unparked", "main", "Unsafe.park"));

  @TempDir private Path dir;

  static Stream<Arguments> eachKindOnEachJdkInEachMode() {
    List<Arguments> all = new ArrayList<>();
    for (Expected expected : EXPECTED) {
      for (int jdk : new int[] {17, 25}) {
        all.add(Arguments.of(jdk, "observe", expected));
        all.add(Arguments.of(jdk, "unify", expected));
      }
      all.add(Arguments.of(25, "coroutine", expected));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "JDK {0}, {1}: {2}")
  @MethodSource("eachKindOnEachJdkInEachMode")
  void aWaitIsAsStockAndLeavesAnEventThatNamesIt(int jdk, String mode, Expected expected)
      throws IOException {
    JfrFile recording = JfrFile.in(dir);
    List<String> options = new ArrayList<>(recording.options());
    options.add(AgentProcess.agent("mode=" + mode));
    AgentProcess.Result stock;
    try (AgentProcess process = start(jdk, "stock", List.of(), expected)) {
      stock = process.finish();
    }
    long fired;
    AgentProcess.Result attached;
    try (AgentProcess process = start(jdk, "attached", options, expected)) {
      while (!process.printed().contains("done")) {
        LockSupport.parkNanos(MOMENT.toNanos());
      }
      fired = expected.seam() == null ? -1 : Status.of(process.pid()).fired(expected.seam());
      attached = process.finish();
    }
    AgentProcess.assertSame(attached, stock);
    if (expected.seam() != null && !mode.equals("coroutine")) { // where waits stay in Java
      long least = selfTested(expected) ? 1 : 0;
      assertThat(fired).as("calls of " + expected.seam()).isGreaterThan(least);
    }
    List<RecordedEvent> ours = JfrFile.waits(recording.events(), "waiter");
    RecordedEvent event = find(ours, expected);
    assertThat(event.getString("resource")).matches(expected.resource());
    assertThat(event.getString("mode")).isEqualTo(mode);
    // A disk may be fast; all the others were seen asleep for longer.
    Duration least = expected.event().equals("File") ? Duration.ZERO : MOMENT;
    assertThat(event.getDuration()).isGreaterThan(least);
    if (expected.event().equals("Process")) { // and not the park that it may be made of
      assertThat(ours).filteredOn(e -> e.getDuration().compareTo(MOMENT) > 0).hasSize(1);
    }
    RecordedThread waker = event.getThread("waker");
    if (expected.waker() == null) {
      assertThat(waker).isNull();
    } else {
      assertThat(waker.getJavaName()).matches(expected.waker());
    }
  }

  private AgentProcess start(int jdk, String side, List<String> options, Expected expected) {
    List<String> environment = List.of("env", "HOSTALIASES=" + dir.resolve("aliases-" + side));
    return AgentProcess.start(jdk, environment, options, PROGRAM, expected.program());
  }

  /** The self-test calls each native once, but for those whose original would wait or signal. */
  private static boolean selfTested(Expected expected) {
    return Stream.of("signal", "Watch", "lookup").noneMatch(expected.seam()::contains);
  }

  private static RecordedEvent find(List<RecordedEvent> ours, Expected expected) {
    return ours.stream()
        .filter(e -> e.getEventType().getName().equals("onequeue." + expected.event()))
        .filter(e -> e.getString("outcome").equals(expected.outcome()))
        .max((a, b) -> a.getDuration().compareTo(b.getDuration()))
        .orElseThrow(() -> new AssertionError("no such event among " + ours));
  }
}
