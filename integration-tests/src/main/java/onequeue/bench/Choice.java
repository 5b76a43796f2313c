package onequeue.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads an option that takes several values, parted by commas, or {@code all}. */
final class Choice {
  private Choice() {}

  static <E extends Enum<E>> List<E> of(
      Class<E> type, CommandSpec spec, String option, String words) {
    E[] all = type.getEnumConstants();
    if (words.equalsIgnoreCase("all")) {
      return List.of(all);
    }
    List<E> chosen = new ArrayList<>();
    for (String word : words.split(",")) {
      E value =
          Arrays.stream(all)
              .filter(each -> each.toString().equalsIgnoreCase(word.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          String.format(
                              "option '%s' does not know '%s'; it knows %s",
                              option, word, list(type))));
      if (!chosen.contains(value)) {
        chosen.add(value);
      }
    }
    return chosen;
  }

  private static String list(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(", ", "", " and all"));
  }
}
