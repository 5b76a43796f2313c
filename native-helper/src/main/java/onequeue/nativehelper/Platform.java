package onequeue.nativehelper;

import java.util.Locale;

/** The operating system and processor the helper was built for. */
public final class Platform {
  private Platform() {}

  /** For example {@code linux-x86-64}; the folder of the helper in the jar. */
  public static String tag() {
    return os() + "-" + arch();
  }

  /** Lower case, {@code linux} where it can work at all. */
  public static String os() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /** As {@code uname -m} says, with hyphens. */
  public static String arch() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("amd64") ? "x86-64" : arch.replace('_', '-');
  }
}
