package onequeue.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The threads of a program as the VM lists them: kernel threads that run Java code.
 *
 * @param byName how many; with N for a number in the name
 */
record Census(Map<String, Integer> byName) {
  /** Those of the VM that run no Java code have no number. */
  private static final Pattern THREAD = Pattern.compile("\"(.*)\" #\\d+ .*");

  /** The VM's own, of which it has as many as it likes, and the one that lists them. */
  private static final Pattern NOT_COUNTED =
      Pattern.compile("C[12] CompilerThread\\d+|Attach Listener");

  /** Asks with the jcmd of that JDK. */
  static Census of(Path jdkHome, long pid) throws IOException, InterruptedException {
    String jcmd = jdkHome.resolve("bin/jcmd").toString();
    Map<String, Integer> byName = new TreeMap<>();
    for (String line : Child.lines(List.of(jcmd, Long.toString(pid), "Thread.print"))) {
      Matcher thread = THREAD.matcher(line);
      if (thread.matches() && !NOT_COUNTED.matcher(thread.group(1)).matches()) {
        byName.merge(thread.group(1).replaceAll("\\d+", "N"), 1, Integer::sum);
      }
    }
    return new Census(byName);
  }

  int count(String name) {
    return byName.getOrDefault(name, 0);
  }

  /** How many there are in all, of the JDK and of the program; the rest are the agent's. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    byName.forEach(
        (name, count) -> {
          counts.merge("all", count, Integer::sum);
          counts.merge(whose(name), count, Integer::sum);
        });
    return counts;
  }

  private static String whose(String name) {
    if (name.startsWith("onequeue")) {
      return "agent";
    }
    return name.equals("main") || name.equals("program") ? "program" : "JDK";
  }

  /** For machines. */
  String line() {
    return counts().entrySet().stream()
        .map(count -> count.getKey() + "=" + count.getValue())
        .collect(Collectors.joining(" "));
  }
}
