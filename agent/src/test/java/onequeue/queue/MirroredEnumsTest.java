package onequeue.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import onequeue.CHeader;
import onequeue.config.Mode;
import org.junit.jupiter.api.Test;

class MirroredEnumsTest {
  @Test
  void kindsHaveTheOrderOfTheHeader() throws IOException {
    assertThat(CHeader.read("onequeue.h").constants("oq_kind"))
        .isEqualTo(Stream.concat(names(Kind.values()).stream(), Stream.of("OQ_KINDS")).toList());
  }

  @Test
  void outcomesHaveTheOrderOfTheHeader() throws IOException {
    assertThat(CHeader.read("onequeue.h").constants("oq_outcome"))
        .isEqualTo(names(Outcome.values()));
  }

  @Test
  void modesHaveTheNumbersOfTheHeader() throws IOException {
    List<String> modes = CHeader.read("onequeue.h").constants("oq_mode");

    assertThat(Mode.values()).allMatch(m -> modes.get(m.number()).equals("OQ_" + m.name()));
    assertThat(modes).hasSize(Mode.values().length + 1).startsWith("OQ_OFF");
  }

  @Test
  void anOutcomeIsFoundByItsNumber() {
    assertThat(Outcome.values()).allMatch(o -> Outcome.of(o.ordinal()) == o);
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(c -> "OQ_" + c.name()).toList();
  }
}
