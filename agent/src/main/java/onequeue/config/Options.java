package onequeue.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What stands behind {@code -javaagent:onequeue.jar=}: {@code key=value} pairs, parted by commas.
 *
 * <p>A key that is unknown or a value that is bad is left out with a line that says so; the rest
 * counts. A system property {@code onequeue.KEY} stands in for an option that was not given.
 */
public final class Options {
  /** What the option {@code stock} can name: the keys of the seam groups. */
  public static final List<String> STOCK_KINDS =
      List.of(
          "park",
          "sleep",
          "select",
          "interest",
          "wouldblock",
          "poll",
          "accept",
          "connect",
          "read",
          "write",
          "datagram",
          "pipe",
          "file",
          "uring",
          "watch",
          "process",
          "lookup",
          "jvmti");

  private static final int CARRIERS_MAX = 1024;

  private Mode mode = Mode.UNIFY;
  private boolean modeRefused;
  private String[] include = {"*"};
  private String[] exclude = {};
  private int carriers = Runtime.getRuntime().availableProcessors();
  private boolean enabled = true;
  private boolean strict;
  private Path nativeDirectory;
  private Set<String> stock = Set.of();
  private final List<String> complaints = new ArrayList<>();

  private Options() {}

  /**
   * @param args may be null or empty
   */
  public static Options parse(String args) {
    Options options = new Options();
    for (Key key : Key.values()) {
      String value = System.getProperty("onequeue." + key.text());
      if (value != null) {
        options.set(key, value);
      }
    }
    for (String pair : split(args)) {
      options.accept(pair);
    }
    return options;
  }

  /** What to do with waits; unify unless said otherwise. */
  public Mode mode() {
    return mode;
  }

  /** Whether the user asked for a mode that this JDK cannot have. */
  public boolean modeRefused() {
    return modeRefused;
  }

  /** Patterns, with *, of the threads to adopt. */
  public String[] include() {
    return include;
  }

  /** Patterns of the threads not to adopt, though included. */
  public String[] exclude() {
    return exclude;
  }

  /** How many kernel threads run virtual threads. */
  public int carriers() {
    return carriers;
  }

  /** False when the user wants the program to run as without us. */
  public boolean enabled() {
    return enabled;
  }

  /** Whether a failure of ours ends the VM instead of leaving the program stock. */
  public boolean strict() {
    return strict;
  }

  /** Where the native helper is unpacked; null for {@code java.io.tmpdir}. */
  public Path nativeDirectory() {
    return nativeDirectory;
  }

  /** The kinds of wait to leave alone, by the keys of the seam groups. */
  public Set<String> stock() {
    return stock;
  }

  /** What was wrong, a line each, for the user. */
  public List<String> complaints() {
    return complaints;
  }

  private static List<String> split(String args) {
    return args == null || args.isBlank() ? List.of() : Arrays.asList(args.split(","));
  }

  private void accept(String pair) {
    int equals = pair.indexOf('=');
    String name = (equals < 0 ? pair : pair.substring(0, equals)).trim();
    Key key = Key.find(name);
    if (key == null) {
      complaints.add("unknown option '" + name + "'; the options are " + Key.names());
    } else if (equals < 0) {
      complaints.add("option '" + name + "' has no value; write " + key.text() + "=" + key.hint());
    } else {
      set(key, pair.substring(equals + 1).trim());
    }
  }

  private void set(Key key, String value) {
    switch (key) {
      case MODE -> setMode(value);
      case CARRIERS -> setCarriers(value);
      case INCLUDE -> include = patterns(key, value, include);
      case EXCLUDE -> exclude = patterns(key, value, exclude);
      case ENABLED -> enabled = bool(key, value, enabled);
      case STRICT -> strict = bool(key, value, strict);
      case NATIVE_DIR -> setNativeDirectory(value);
      case STOCK -> setStock(value);
      default -> throw new AssertionError(key);
    }
  }

  private void setNativeDirectory(String value) {
    if (value.isEmpty()) {
      complaints.add(bad(Key.NATIVE_DIR, value) + "; taking java.io.tmpdir");
    } else {
      nativeDirectory = Path.of(value);
    }
  }

  private void setMode(String value) {
    try {
      mode = Mode.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      complaints.add(bad(Key.MODE, value) + "; running in mode " + name(mode));
    }
    int jdk = Runtime.version().feature();
    if (mode == Mode.COROUTINE && jdk < Mode.COROUTINE_JDK) {
      complaints.add(
          "mode 'coroutine' needs JDK "
              + Mode.COROUTINE_JDK
              + " or later, this is "
              + jdk
              + "; running in mode unify");
      mode = Mode.UNIFY;
      modeRefused = true;
    }
  }

  private String[] patterns(Key key, String value, String[] fallback) {
    if (value.equals(Key.EXCLUDE.fallback())) {
      return new String[0];
    }
    String[] patterns = value.split("\\+");
    if (value.isEmpty() || Arrays.asList(patterns).contains("")) {
      complaints.add(bad(key, value) + "; taking " + String.join("+", fallback));
      return fallback;
    }
    return patterns;
  }

  private void setCarriers(String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= CARRIERS_MAX) {
        carriers = number;
        return;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    complaints.add(
        bad(Key.CARRIERS, value) + " from 1 to " + CARRIERS_MAX + "; taking " + carriers);
  }

  private void setStock(String value) {
    if (value.equals(Key.STOCK.fallback())) {
      stock = Set.of();
      return;
    }
    Set<String> kinds = new LinkedHashSet<>(Arrays.asList(value.split("\\+")));
    for (String kind : kinds) {
      if (!STOCK_KINDS.contains(kind)) {
        complaints.add(
            "unknown kind '" + kind + "' in option 'stock'; the kinds are " + STOCK_KINDS);
      }
    }
    kinds.retainAll(STOCK_KINDS);
    stock = kinds;
  }

  private boolean bool(Key key, String value, boolean fallback) {
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    complaints.add(bad(key, value) + "; taking " + fallback);
    return fallback;
  }

  private static String bad(Key key, String value) {
    return "bad value '" + value + "' for option '" + key.text() + "': it is " + key.hint();
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
