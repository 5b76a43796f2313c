package onequeue.sample.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page as read from its files, with the places where sub-requests go. Immutable; any thread.
 *
 * <p>The template language is that of server-side includes: {@code <!--#include file="x.html" -->}
 * takes in a file as it is, {@code <!--#include virtual="/quote/1" -->} a sub-request to the
 * backend, made anew for each answer.
 *
 * @param parts in the order of the page
 * @param sources the files it was read from, with their times of modification just before that
 */
record Page(List<Part> parts, Map<Path, FileTime> sources) {
  private static final Pattern INCLUDE =
      Pattern.compile("<!--#include (file|virtual)=\"([^\"\\r\\n ]+)\" *-->");

  /** A stretch of a page. */
  sealed interface Part permits Text, SubRequest {}

  record Text(byte[] bytes) implements Part {}

  record SubRequest(String path) implements Part {}

  static boolean isTemplate(Path file) {
    return file.toString().endsWith(".shtml");
  }

  /**
   * Reads a template and the files it includes.
   *
   * @param site where includes are looked up
   * @param template a file of the site
   * @return the page
   * @throws IOException when a file is missing or cannot be read
   */
  static Page read(Site site, Path template) throws IOException {
    List<Part> parts = new ArrayList<>();
    Map<Path, FileTime> sources = new LinkedHashMap<>();
    String text = readSource(template, sources);
    Matcher include = INCLUDE.matcher(text);
    int end = 0;
    while (include.find()) {
      parts.add(text(text.substring(end, include.start())));
      String name = include.group(2);
      parts.add(
          include.group(1).equals("virtual")
              ? new SubRequest(name)
              : text(readSource(site.find(template, name), sources)));
      end = include.end();
    }
    parts.add(text(text.substring(end)));
    return new Page(List.copyOf(parts), Map.copyOf(sources));
  }

  /** The time is taken first: a change in between then makes the page look old, never new. */
  private static String readSource(Path file, Map<Path, FileTime> sources) throws IOException {
    sources.put(file, Files.getLastModifiedTime(file));
    return Files.readString(file);
  }

  private static Text text(String text) {
    return new Text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether every source still has its time of modification, to the nanosecond. */
  boolean isCurrent() {
    try {
      for (Map.Entry<Path, FileTime> source : sources.entrySet()) {
        if (!Files.getLastModifiedTime(source.getKey()).equals(source.getValue())) {
          return false;
        }
      }
      return true;
    } catch (IOException missing) {
      return false;
    }
  }
}
