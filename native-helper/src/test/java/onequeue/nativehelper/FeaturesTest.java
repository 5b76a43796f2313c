package onequeue.nativehelper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeaturesTest {
  private final Features features =
      Features.parse("epoll_pwait2\tyes\t\nio_uring\tno\tforbidden here\n");

  @Test
  void aFeatureThatIsThereNeedsNoReason() {
    assertThat(features.has("epoll_pwait2")).isTrue();
    assertThat(features.reason("epoll_pwait2")).isEmpty();
  }

  @Test
  void aFeatureThatIsMissingHasAReason() {
    assertThat(features.has("io_uring")).isFalse();
    assertThat(features.reason("io_uring")).isEqualTo("forbidden here");
  }

  @Test
  void aFeatureThatTheHelperDoesNotKnowIsMissing() {
    assertThat(features.has("timerfd")).isFalse();
    assertThat(features.reason("timerfd")).isEqualTo("unknown to the native helper");
  }

  @Test
  void theOrderIsThatOfTheHelper() {
    assertThat(features.missing().keySet()).containsExactly("epoll_pwait2", "io_uring");
  }
}
