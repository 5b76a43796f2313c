package onequeue.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The options, with the words of the README's table (a test compares them). */
public enum Key {
  MODE("observe, unify or coroutine", "unify", "what to do with waits and threads"),
  CARRIERS("a number", "the processors", "kernel threads that run virtual threads"),
  INCLUDE(
      "patterns joined by +",
      "*",
      "mode coroutine: which threads to adopt, by thread name, class or task class"),
  EXCLUDE("patterns joined by +", "none", "mode coroutine: which threads to leave alone"),
  ENABLED("true or false", "true", "false: do nothing at all"),
  STOCK(
      "kinds joined by +",
      "none",
      "what to leave as it is: park, sleep, select, interest, wouldblock, poll, accept, connect, read,"
          + " write, datagram, pipe, file, uring, watch, process, lookup, jvmti"),
  NATIVE_DIR("a directory", "java.io.tmpdir", "where the native helper is unpacked"),
  STRICT("true or false", "false", "true: end the VM if the agent cannot do its work");

  private final String hint;
  private final String fallback;
  private final String meaning;

  Key(String hint, String fallback, String meaning) {
    this.hint = hint;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** The name users write, for example {@code native-dir}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a value looks like. */
  public String hint() {
    return hint;
  }

  /** The default, as users would write it. */
  public String fallback() {
    return fallback;
  }

  /** What it is for. */
  public String meaning() {
    return meaning;
  }

  static Key find(String name) {
    return Arrays.stream(values()).filter(k -> k.text().equals(name)).findFirst().orElse(null);
  }

  static String names() {
    return Arrays.stream(values()).map(Key::text).collect(Collectors.joining(", "));
  }
}
