package onequeue.sample.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The few files that are served when no directory is named; removed when the process ends. */
final class ExampleSite {
  private ExampleSite() {}

  static Path create() throws IOException {
    Path root = Files.createTempDirectory("onequeue-sample-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(root), "remove-example-site"));
    Files.writeString(root.resolve("index.html"), "<p>See <a href=home.shtml>home</a>.</p>\n");
    Files.writeString(root.resolve("style.css"), "body { font-family: sans-serif }\n".repeat(32));
    Files.writeString(root.resolve("header.html"), "<h1>One queue</h1>\n".repeat(8));
    Files.writeString(root.resolve("footer.html"), "<hr>\n".repeat(8));
    Files.writeString(
        root.resolve("home.shtml"),
        """
        <!--#include file="header.html" -->
        <p><!--#include virtual="/quote/1" --></p>
        <p><!--#include virtual="/quote/2" --></p>
        <!--#include file="footer.html" -->
        """);
    Files.write(root.resolve("big.bin"), new byte[1024 * 1024]);
    return root;
  }

  private static void remove(Path root) {
    try (Stream<Path> tree = Files.walk(root)) {
      List<Path> innermostFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innermostFirst) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException failure) {
      System.err.println("could not remove " + root + ": " + failure.getMessage());
    }
  }
}
