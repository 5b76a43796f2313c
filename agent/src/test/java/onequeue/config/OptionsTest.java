package onequeue.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @AfterEach
  void clearProperties() {
    for (Key key : Key.values()) {
      System.clearProperty("onequeue." + key.text());
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void withoutArgumentsTheDefaultsCount(String args) {
    Options options = Options.parse(args);

    assertThat(options.mode()).isEqualTo(Mode.UNIFY);
    assertThat(options.enabled()).isTrue();
    assertThat(options.strict()).isFalse();
    assertThat(options.stock()).isEmpty();
    assertThat(options.nativeDirectory()).isNull();
    assertThat(options.complaints()).isEmpty();
  }

  @Test
  void everyOptionCanBeSet() {
    Options options =
        Options.parse("mode=observe,enabled=false,strict=true,stock=park+sleep,native-dir=/var/x");

    assertThat(options.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(options.enabled()).isFalse();
    assertThat(options.strict()).isTrue();
    assertThat(options.stock()).containsExactly("park", "sleep");
    assertThat(options.nativeDirectory()).isEqualTo(Path.of("/var/x"));
    assertThat(options.complaints()).isEmpty();
  }

  @Test
  void blanksAroundNamesAndValuesDoNotMatter() {
    Options options = Options.parse(" mode = observe , strict = true ");

    assertThat(options.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(options.strict()).isTrue();
    assertThat(options.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"mode,unify", "enabled,true", "stock,none", "strict,false"})
  void aDefaultCanBeWrittenOut(String key, String value) {
    assertThat(Key.find(key).fallback()).isEqualTo(value);
    assertThat(Options.parse(key + "=" + value).complaints()).isEmpty();
  }

  @Test
  void anUnknownOptionIsNamedTogetherWithTheKnownOnesAndTheRestCounts() {
    Options options = Options.parse("mdoe=observe,strict=true");

    assertThat(options.complaints())
        .containsExactly(
            "unknown option 'mdoe'; the options are mode, carriers, include, exclude, enabled, stock, native-dir, strict");
    assertThat(options.strict()).isTrue();
    assertThat(options.mode()).isEqualTo(Mode.UNIFY);
  }

  @Test
  void anOptionWithoutValueIsToldWhatItTakes() {
    assertThat(Options.parse("mode").complaints())
        .containsExactly("option 'mode' has no value; write mode=observe, unify or coroutine");
  }

  @Test
  void aBadModeLeavesTheDefault() {
    Options options = Options.parse("mode=fast");

    assertThat(options.mode()).isEqualTo(Mode.UNIFY);
    assertThat(options.complaints())
        .containsExactly(
            "bad value 'fast' for option 'mode': it is observe, unify or coroutine; running in mode unify");
  }

  @Test
  void coroutineIsRefusedOnAJdkThatCannot() {
    Options options = Options.parse("mode=coroutine");

    boolean can = Runtime.version().feature() >= Mode.COROUTINE_JDK;
    assertThat(options.mode()).isEqualTo(can ? Mode.COROUTINE : Mode.UNIFY);
    assertThat(options.modeRefused()).isEqualTo(!can);
    assertThat(options.complaints()).hasSize(can ? 0 : 1);
    assertThat(options.complaints())
        .allMatch(line -> line.startsWith("mode 'coroutine' needs JDK 24 or later, this is "));
  }

  @Test
  void aBadNumberOfCarriersLeavesTheDefault() {
    for (String bad : new String[] {"", "0", "-1", "1025", "many"}) {
      Options options = Options.parse("carriers=" + bad);

      assertThat(options.carriers()).isEqualTo(Runtime.getRuntime().availableProcessors());
      assertThat(options.complaints()).hasSize(1);
      assertThat(options.complaints().get(0))
          .startsWith("bad value '" + bad + "' for option 'carriers': it is a number");
    }
    assertThat(Options.parse("carriers=3").carriers()).isEqualTo(3);
  }

  @Test
  void anEmptyDirectoryLeavesTheDefault() {
    Options options = Options.parse("native-dir=");

    assertThat(options.nativeDirectory()).isNull();
    assertThat(options.complaints())
        .containsExactly(
            "bad value '' for option 'native-dir': it is a directory; taking java.io.tmpdir");
  }

  @ParameterizedTest
  @CsvSource({"enabled,true", "strict,false"})
  void aBadTruthValueLeavesTheDefault(String key, String fallback) {
    Options options = Options.parse(key + "=yes");

    assertThat(options.enabled()).isTrue();
    assertThat(options.strict()).isFalse();
    assertThat(options.complaints())
        .containsExactly(
            "bad value 'yes' for option '" + key + "': it is true or false; taking " + fallback);
  }

  @Test
  void anUnknownKindToStayStockIsNamedAndTheOthersCount() {
    Options options = Options.parse("stock=park+monitor");

    assertThat(options.stock()).containsExactly("park");
    assertThat(options.complaints())
        .singleElement()
        .asString()
        .startsWith("unknown kind 'monitor' in option 'stock'; the kinds are ");
  }

  @Test
  void aSystemPropertyStandsInForAnOption() {
    System.setProperty("onequeue.mode", "observe");
    System.setProperty("onequeue.native-dir", "/var/x");

    assertThat(Options.parse(null).mode()).isEqualTo(Mode.OBSERVE);
    assertThat(Options.parse("strict=true").nativeDirectory()).isEqualTo(Path.of("/var/x"));
  }

  @Test
  void anOptionWinsOverItsSystemProperty() {
    System.setProperty("onequeue.mode", "observe");

    assertThat(Options.parse("mode=unify").mode()).isEqualTo(Mode.UNIFY);
  }

  @Test
  void aBadValueFallsBackToTheSystemProperty() {
    System.setProperty("onequeue.mode", "observe");

    Options options = Options.parse("mode=fast");

    assertThat(options.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(options.complaints()).singleElement().asString().endsWith("running in mode observe");
  }

  @Test
  void aBadSystemPropertyIsComplainedAboutToo() {
    System.setProperty("onequeue.strict", "1");

    assertThat(Options.parse(null).complaints())
        .containsExactly("bad value '1' for option 'strict': it is true or false; taking false");
  }
}
