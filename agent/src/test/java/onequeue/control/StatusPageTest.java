package onequeue.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import onequeue.CHeader;
import onequeue.control.StatusPage.SeamState;
import onequeue.nativehelper.NativeHelper;
import onequeue.queue.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusPageTest {
  @TempDir private Path directory;

  private final ByteBuffer page =
      ByteBuffer.allocate(StatusPage.PORTS_AT + 2 * StatusPage.PORT_SIZE)
          .order(ByteOrder.nativeOrder());

  @Test
  void wordsAndNumbersAreRead() throws Exception {
    header("agent\tversion\t1.2\nfeature\tio_uring\tno: forbidden\nrung\ttimed waits\tepoll\n");
    page.putInt(20, 3).putInt(24, 500).putInt(28, 1).putInt(32, 4);
    page.putLong(40, 5L << 32).putLong(48, 6).putLong(56, 1);

    StatusPage status = read();

    assertThat(status.agent("version")).isEqualTo("1.2");
    assertThat(status.agent("mode")).isEqualTo("unknown");
    assertThat(status.features()).containsExactly(entry("io_uring", "no: forbidden"));
    assertThat(status.rungs()).containsExactly(entry("timed waits", "epoll"));
    assertThat(status.portsOpen()).isEqualTo(3);
    assertThat(status.portBudget()).isEqualTo(500);
    assertThat(status.portsSpare()).isEqualTo(1);
    assertThat(status.selectors()).isEqualTo(4);
    assertThat(status.overBudget()).isEqualTo(5L << 32);
    assertThat(status.rebuilt()).isEqualTo(6);
    assertThat(status.recording()).isTrue();
  }

  @Test
  void countersAreTheSumsOfAllPorts() throws Exception {
    header("seam\t1\tA.b\tinstalled\nseam\t0\tC.d\tstock (no such native in this JDK)\n");
    page.putInt(16, 2);
    page.putLong(StatusPage.PORTS_AT + 104 + Kind.READ.ordinal() * Long.BYTES, 10);
    page.putLong(
        StatusPage.PORTS_AT + StatusPage.PORT_SIZE + 104 + Kind.READ.ordinal() * Long.BYTES, 1);
    page.putLong(StatusPage.PORTS_AT + 216 + Long.BYTES, 7);
    page.putLong(StatusPage.PORTS_AT + 736, 30);
    page.putLong(StatusPage.PORTS_AT + 744, 5);
    page.putLong(StatusPage.PORTS_AT + StatusPage.PORT_SIZE + 736, 3);
    page.putLong(StatusPage.PORTS_AT + StatusPage.PORT_SIZE + 216 + Long.BYTES, 2);

    StatusPage status = read();

    assertThat(status.waits()).containsEntry("read", 11L).containsEntry("park", 0L);
    assertThat(status.saved()).isEqualTo(33);
    assertThat(status.answered()).isEqualTo(5);
    assertThat(status.seams())
        .containsExactly(
            new SeamState("A.b", "installed", 9),
            new SeamState("C.d", "stock (no such native in this JDK)", 0));
  }

  @Test
  void aPageWithoutWordsBelongsToAnAgentThatIsStarting() throws IOException {
    assertThatThrownBy(this::read).isInstanceOf(StatusException.class).hasMessage(starting());
    header("");
    assertThatThrownBy(this::read).isInstanceOf(StatusException.class).hasMessage(starting());
  }

  @Test
  void aPageOfAnotherVersionIsRefused() {
    header("agent\tversion\t9\n");
    page.putInt(8, NativeHelper.ABI + 1);

    assertThatThrownBy(this::read)
        .isInstanceOf(StatusException.class)
        .hasMessageStartingWith("process 7 has a status page of another version of onequeue; use");
  }

  @Test
  void constantsAreThoseOfTheHeader() throws IOException {
    CHeader header = CHeader.read("onequeue.h");

    assertThat(header.define("OQ_PAGE_MAGIC"))
        .isEqualTo("UINT64_C(0x" + Long.toHexString(StatusPage.MAGIC) + ")");
    assertThat(header.number("OQ_ABI")).isEqualTo(NativeHelper.ABI);
    assertThat(header.number("OQ_PAGE_TEXT")).isEqualTo(StatusPage.TEXT_AT);
    assertThat(header.number("OQ_PAGE_PORTS")).isEqualTo(StatusPage.PORTS_AT);
    assertThat(header.number("OQ_PORT_SIZE")).isEqualTo(StatusPage.PORT_SIZE);
    assertThat(header.number("OQ_PORTS_MAX")).isEqualTo(StatusPage.PORTS_MAX);
    assertThat(header.number("OQ_SEAMS_MAX")).isEqualTo(StatusPage.SEAMS_MAX);
  }

  @Test
  void kindsHaveTheNamesAndTheOrderOfKind() {
    assertThat(StatusPage.KINDS)
        .isEqualTo(
            Arrays.stream(Kind.values()).map(k -> k.name().toLowerCase(Locale.ROOT)).toList());
  }

  private void header(String text) {
    page.putLong(0, StatusPage.MAGIC).putInt(8, NativeHelper.ABI);
    page.put(4096, text.getBytes(StandardCharsets.UTF_8));
  }

  private StatusPage read() throws IOException, StatusException {
    Path file = Files.write(directory.resolve("page"), page.array());
    try (FileChannel channel = FileChannel.open(file)) {
      return StatusPage.read("process 7", channel);
    }
  }

  private static String starting() {
    return "process 7: the agent is still starting; try again";
  }
}
