package onequeue.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says is what the code does, where a test can tell. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final List<Path> SOURCES =
      List.of(Path.of("src/main/java"), Path.of("../native-helper/src/main/java"));

  @Test
  void theOptionsTableIsThatOfTheCode() throws IOException {
    assertThat(section("## Options").filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(Arrays.stream(Key.values()).map(ReadmeTest::row).toList());
  }

  @Test
  void theHeadingsOfTroubleshootingAreMessagesOfTheCode() throws IOException {
    List<String> headings =
        section("## Troubleshooting").filter(line -> line.startsWith("### ")).toList();
    String messages = messages();

    assertThat(headings).isNotEmpty();
    for (String heading : headings) {
      // What differs from case to case is left out with "...".
      for (String part : heading.replaceAll("[#`]|onequeue: ", "").split("\\.\\.\\.")) {
        assertThat(messages).as(heading).contains(part.strip());
      }
    }
  }

  @Test
  void theEventsAreThoseOfTheCodeAndOfTheSettingsFile() throws IOException {
    Set<String> events = matches("@Name\\(\"(onequeue\\.\\w+)\"\\)", messages());
    String table =
        section("## Recordings").filter(line -> line.startsWith("| `")).collect(joining());
    String settings = Files.readString(Path.of("src/main/resources/onequeue.jfc"));

    assertThat(events).contains("onequeue.Park", "onequeue.QueueStatistics");
    assertThat(matches("`(onequeue\\.\\w+)`", table)).isEqualTo(events);
    assertThat(matches("<event name=\"(onequeue\\.\\w+)\">", settings)).isEqualTo(events);
  }

  private static Set<String> matches(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String row(Key key) {
    return "| `%s` | %s | `%s` | %s |"
        .formatted(key.text(), key.hint(), key.fallback(), key.meaning());
  }

  private static Stream<String> section(String heading) throws IOException {
    List<String> lines = Files.readAllLines(README);
    assertThat(lines).contains(heading);
    return lines.stream()
        .skip(lines.indexOf(heading) + 1)
        .takeWhile(line -> !line.startsWith("## "));
  }

  /** All sources, with the string literals that stand in several pieces put together. */
  private static String messages() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path folder : SOURCES) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          all.append(Files.readString(file));
        }
      }
    }
    return Stream.of(all.toString().split("\"\\s*\\+\\s*\"")).collect(joining());
  }
}
