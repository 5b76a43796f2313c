package onequeue.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Finds the JDKs of this machine.
 *
 * <p>Looks in the list that the build made ({@code -Donequeue.toolchains}, or {@code
 * integration-tests/target/toolchains.xml} below the current directory), then at {@code JAVA_HOME},
 * the running JDK and their sibling directories. Any thread.
 */
public final class Jdks {
  private static final Path DEFAULT_LIST = Path.of("integration-tests/target/toolchains.xml");

  private Jdks() {}

  /**
   * The home of a JDK of the given feature release; the running one if it fits.
   *
   * @param feature 17, 25 and so on
   * @return a directory with {@code bin/java} in it
   * @throws IllegalStateException when there is none; the message names the package to install
   */
  public static Path home(int feature) {
    for (Path home : candidates()) {
      if (feature(home) == feature) {
        return home;
      }
    }
    throw new IllegalStateException(
        "no JDK " + feature + " found: install the package temurin-" + feature + "-jdk");
  }

  /**
   * The home of the JDK that runs this code.
   *
   * @return its directory
   */
  public static Path running() {
    return Path.of(System.getProperty("java.home"));
  }

  /**
   * The feature release of a JDK.
   *
   * @param home a directory, perhaps of a JDK
   * @return 17, 25 and so on, or 0 when it is no JDK
   */
  public static int feature(Path home) {
    Properties release = new Properties();
    if (!Files.isExecutable(home.resolve("bin/javac"))) {
      return 0;
    }
    try (InputStream in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
      return Runtime.Version.parse(version).feature();
    } catch (IOException | IllegalArgumentException unknown) {
      return 0;
    }
  }

  /** Best first. */
  private static Set<Path> candidates() {
    Set<Path> homes = new LinkedHashSet<>();
    homes.add(running());
    homes.addAll(listedByBuild());
    String javaHome = System.getenv("JAVA_HOME");
    if (javaHome != null && !javaHome.isBlank()) {
      homes.add(Path.of(javaHome));
    }
    for (Path home : List.copyOf(homes)) {
      homes.addAll(siblings(home));
    }
    return homes;
  }

  private static List<Path> listedByBuild() {
    List<Path> homes = new ArrayList<>();
    String property = System.getProperty("onequeue.toolchains");
    Path list = property == null ? DEFAULT_LIST : Path.of(property);
    if (Files.isReadable(list)) {
      try {
        NodeList elements =
            DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(list.toFile())
                .getElementsByTagName("jdkHome");
        for (int i = 0; i < elements.getLength(); i++) {
          homes.add(Path.of(elements.item(i).getTextContent().strip()));
        }
      } catch (IOException | SAXException | ParserConfigurationException unreadable) {
        // A build that was cut short leaves half a list; the other places still do.
      }
    }
    return homes;
  }

  private static List<Path> siblings(Path home) {
    List<Path> found = new ArrayList<>();
    Path parent = home.toAbsolutePath().normalize().getParent();
    if (parent != null) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
        entries.forEach(found::add);
      } catch (IOException unreadable) {
        // Then there is nothing to find there.
      }
    }
    // The order of a directory is arbitrary; the choice must not be.
    found.sort(null);
    return found;
  }
}
