package onequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  @Test
  void areNiceAndEndWithTheRun() throws Exception {
    List<ProcessHandle> started;
    try (Neighbours neighbours = Neighbours.start(19, 60)) {
      started = ProcessHandle.current().children().toList();
      assertThat(started).isNotEmpty();
      while (neighbours.cpuNanos() == 0) {
        Thread.onSpinWait();
      }
      for (ProcessHandle neighbour : started) {
        assertThat(niceness(neighbour.pid())).isEqualTo(19);
      }
    }
    for (ProcessHandle neighbour : started) {
      neighbour.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void endByThemselvesWhenNobodyEndsThem() throws Exception {
    try (Neighbours neighbours = Neighbours.start(0, 1)) {
      assertThat(neighbours.cpuNanos()).isNotNegative();
      for (ProcessHandle neighbour : ProcessHandle.current().children().toList()) {
        neighbour.onExit().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static int niceness(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19 - 3]);
  }
}
