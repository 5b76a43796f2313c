package onequeue.hook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WeaverTest {
  @Weaver.Into("length()I")
  static final class Length {}

  @Weaver.Into({"length()I", "length()J"})
  static final class OtherLength {}

  @Weaver.Into("charAt")
  static final class AnyCharAt {}

  @Weaver.Into("charsAt")
  static final class AnyCharsAt {}

  @Test
  void findsTheMethodsThatAnAdviceIsFor() {
    assertThatCode(() -> Weaver.check(String.class, List.of(Length.class, AnyCharAt.class)))
        .doesNotThrowAnyException();
  }

  @Test
  void saysWhichMethodIsMissing() {
    assertThatThrownBy(() -> Weaver.check(String.class, List.of(Length.class, OtherLength.class)))
        .isInstanceOf(NoSuchMethodException.class)
        .hasMessage("java.lang.String.length()J");
    assertThatThrownBy(() -> Weaver.check(String.class, List.of(AnyCharsAt.class)))
        .hasMessage("java.lang.String.charsAt");
  }
}
