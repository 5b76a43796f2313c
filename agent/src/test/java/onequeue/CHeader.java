package onequeue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A header of the native helper, for tests that compare the two sides of a mirrored constant. */
public final class CHeader {
  private static final Path FOLDER = Path.of("../native-helper/src/main/c");

  private final String text;

  private CHeader(String text) {
    this.text = text;
  }

  /** Reads the header of that name, without its comments. */
  public static CHeader read(String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(name));
    return new CHeader(text.replaceAll("(?s)/\\*.*?\\*/", ""));
  }

  /** The constants of an enum without explicit values, in their order. */
  public List<String> constants(String enumName) {
    String body = find("(?s)enum\\s+" + enumName + "\\s*\\{([^}]*)}");
    return Arrays.stream(body.split(",")).map(String::trim).filter(c -> !c.isEmpty()).toList();
  }

  /** What a macro stands for. */
  public String define(String name) {
    return find("(?m)^#define\\s+" + name + "\\s+(.*?)\\s*$");
  }

  /** The value of a macro that is a number, or a product of some in parentheses. */
  public int number(String name) {
    String[] factors = define(name).replaceAll("[()\\s]", "").split("\\*");
    return Arrays.stream(factors).mapToInt(Integer::parseInt).reduce(1, Math::multiplyExact);
  }

  private String find(String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("not in the header: " + regex);
    }
    return matcher.group(1);
  }
}
