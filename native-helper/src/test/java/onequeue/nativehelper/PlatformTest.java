package onequeue.nativehelper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  private final String os = System.getProperty("os.name");
  private final String arch = System.getProperty("os.arch");

  @AfterEach
  void restore() {
    System.setProperty("os.name", os);
    System.setProperty("os.arch", arch);
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,amd64,linux-x86-64",
    "Linux,x86_64,linux-x86-64",
    "Linux,aarch64,linux-aarch64",
    "Mac OS X,aarch64,mac-os-x-aarch64",
    "Windows 11,amd64,windows-11-x86-64"
  })
  void theTagIsMadeOfSystemAndProcessor(String name, String processor, String tag) {
    System.setProperty("os.name", name);
    System.setProperty("os.arch", processor);

    assertThat(Platform.tag()).isEqualTo(tag);
  }

  @Test
  void theHelperOfThisMachineIsPacked() {
    assertThat(Platform.class.getResource("/onequeue/native/" + Platform.tag() + "/libonequeue.so"))
        .isNotNull();
  }
}
