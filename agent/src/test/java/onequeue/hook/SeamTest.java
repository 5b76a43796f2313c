package onequeue.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import onequeue.CHeader;
import onequeue.config.Key;
import onequeue.config.Options;
import org.junit.jupiter.api.Test;

class SeamTest {
  @Test
  void seamsHaveTheOrderOfTheHeader() throws IOException {
    List<String> seams =
        CHeader.read("vm.h").constants("oq_seam").stream()
            .map(c -> c.replace("OQ_S_", "").replace("DGRAM", "DATAGRAM"))
            .toList();

    assertThat(seams)
        .isEqualTo(
            Stream.concat(Arrays.stream(Seam.values()).map(Seam::name), Stream.of("COUNT"))
                .toList());
  }

  @Test
  void aSiteIsAClassAMethodAndADescriptor() {
    assertThat(Seam.ACCEPT_UNIX.sites())
        .containsExactly(
            new Seam.Site(
                "sun.nio.ch.UnixDomainSockets",
                "accept0",
                "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/lang/Object;)I"));
  }

  @Test
  void everySeamBelongsToAGroup() {
    Set<Seam> grouped = new HashSet<>();
    for (Group group : Group.values()) {
      grouped.addAll(group.needed());
      grouped.addAll(group.optional());
    }

    assertThat(grouped).containsExactlyInAnyOrder(Seam.values());
  }

  @Test
  void everyGroupButCloseAndWhatIsNoGroupCanStayStock() {
    Stream<String> groups =
        Arrays.stream(Group.values()).filter(group -> group != Group.CLOSE).map(Group::key);

    assertThat(Options.STOCK_KINDS)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(groups, Stream.of("process", "uring", "wouldblock", "jvmti")).toList());
    assertThat(Key.STOCK.meaning()).endsWith(": " + String.join(", ", Options.STOCK_KINDS));
  }
}
