package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * More threads than there are carriers block where none can be taken from them: the others go on, a
 * recording says who holds a carrier and where, and in the end there are as many as before.
 */
class CarrierEventsIT {
  private static final String PROGRAM = "onequeue.it.programs.StuckProgram";
  private static final int CARRIERS = 2;
  private static final int BLOCKED = 6;

  @TempDir private Path dir;

  /** What the threads wait for; to be closed when it has done its work. */
  private interface Release {
    Closeable now() throws IOException;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"coroutine,threads", "unify,virtual"})
  void threadsThatOpenAFifo(String mode, String threads) throws Exception {
    Path fifo = dir.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    // Who opens it for reading and writing need not wait, and is the writer that readers wait for.
    Release writer = () -> new RandomAccessFile(fifo.toFile(), "rw");
    check(mode, threads, "open", fifo, writer, "FileInputStream.open0(");
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"coroutine,threads", "unify,virtual"})
  void threadsThatLockAFileWithoutOurHelpers(String mode, String threads) throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    try (FileChannel holder = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock held = holder.lock();
      Release unlock =
          () -> {
            held.release();
            return () -> {};
          };
      check(mode + ",stock=file", threads, "lock", file, unlock, "FileDispatcherImpl.lock0(");
    }
  }

  private void check(
      String mode, String threads, String what, Path path, Release release, String frame)
      throws Exception {
    JfrFile file = JfrFile.in(dir);
    List<String> options = new ArrayList<>(file.options());
    options.add(AgentProcess.agent("mode=" + mode + ",carriers=" + CARRIERS));
    String[] program = {PROGRAM, threads, what, path.toString(), String.valueOf(BLOCKED)};
    AgentProcess.Result result;
    try (AgentProcess process = AgentProcess.start(25, options, program)) {
      Until.seen("others go on", process::printed, "the others went on\n"::equals);
      Status stuck = status(process, "all are stuck", "stuck", BLOCKED);
      assertThat(stuck.figure("carriers")).as(stuck.text()).isGreaterThan(BLOCKED);
      try (Closeable end = release.now()) {
        assertThat(end).isNotNull();
        Until.seen("all are released", process::printed, out -> out.endsWith("let go\n"));
      }
      status(process, "the spares are gone", "carriers", CARRIERS);
      result = process.finish();
    }
    assertThat(result).isEqualTo(new AgentProcess.Result(0, "the others went on\nlet go\n", ""));
    List<RecordedEvent> events = file.events();
    eachIsReportedWithItsCarrierAndFrame(named("StuckCarrier", events), frame);
    theFiguresRiseAndFall(named("CarrierStatistics", events));
  }

  private static Status status(AgentProcess process, String what, String figure, long value) {
    return Until.seen(what, () -> Status.of(process.pid()), s -> s.figure(figure) == value);
  }

  /** A busy machine may have held one up before it came so far: that is what was reported then. */
  private static void eachIsReportedWithItsCarrierAndFrame(
      List<RecordedEvent> stuck, String frame) {
    assertThat(stuck)
        .extracting(event -> event.getThread("virtualThread").getJavaName())
        .containsAll(IntStream.range(0, BLOCKED).mapToObj(i -> "blocked " + i).toList());
    assertThat(stuck)
        .extracting(event -> event.getThread("carrier").getJavaName())
        .allMatch(name -> name.startsWith("onequeue-carrier-"));
    assertThat(stuck)
        .filteredOn(event -> event.getString("stack").contains(frame))
        .hasSizeGreaterThan(BLOCKED / 2)
        .allMatch(event -> event.getString("stack").contains("onequeue.it.programs.StuckProgram"))
        .allMatch(event -> event.getInt("carriers") >= CARRIERS);
  }

  private static void theFiguresRiseAndFall(List<RecordedEvent> statistics) {
    assertThat(statistics)
        .anyMatch(event -> event.getLong("stuck") == BLOCKED)
        .anyMatch(event -> event.getLong("carriers") > BLOCKED);
    RecordedEvent last = statistics.get(statistics.size() - 1);
    assertThat(last.getLong("carriers")).isEqualTo(CARRIERS);
    assertThat(last.getLong("stuck")).isZero();
  }

  private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("onequeue." + name))
        .sorted((a, b) -> a.getStartTime().compareTo(b.getStartTime()))
        .toList();
  }
}
