package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the packaged jar holds: the application sees all that is not under boot/ or isolated/. */
class JarIT {
  private static final int JAVA_8 = 52;
  private static final int JAVA_17 = 61;

  private ZipFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new ZipFile(Path.of(System.getProperty("onequeue.jar")).toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void theApplicationSeesTheLauncherOnly() {
    assertThat(files())
        .filteredOn(name -> !name.startsWith("boot/") && !name.startsWith("isolated/"))
        .allMatch(
            name ->
                name.equals("META-INF/MANIFEST.MF")
                    || name.equals("onequeue.jfc")
                    || name.matches("onequeue/launch/[^/]+\\.class"))
        .contains("onequeue/launch/Premain.class", "onequeue/launch/Main.class");
  }

  @Test
  void theBootLoaderGetsQueueCarriersAndEventsOnly() {
    assertThat(files())
        .filteredOn(name -> name.startsWith("boot/"))
        .allMatch(name -> name.matches("boot/onequeue/(queue|carrier|event)/[^/]+\\.class"))
        .noneMatch(name -> name.endsWith("package-info.class"))
        .contains("boot/onequeue/queue/Native.class", "boot/onequeue/event/WaitEvent.class");
  }

  @Test
  void theIsolatedLoaderGetsTheRest() {
    assertThat(files())
        .filteredOn(name -> name.startsWith("isolated/"))
        .allMatch(
            name ->
                name.matches("isolated/(packages|onequeue-version)\\.txt")
                    || name.matches("isolated/(onequeue|com/sun/jna|net/bytebuddy|picocli)/.*"))
        .noneMatch(name -> name.matches("isolated/onequeue/(launch|queue|carrier|event)/.*"))
        .contains("isolated/onequeue/hook/Agent.class");
  }

  @Test
  void everyNativeLibraryBelongsToAPlatformThatIsSupported() {
    assertThat(files())
        .filteredOn(name -> name.endsWith(".so"))
        .allMatch(
            name ->
                name.matches("isolated/onequeue/native/linux-(x86-64|aarch64)/libonequeue\\.so")
                    || name.matches(
                        "isolated/com/sun/jna/linux-(x86-64|aarch64)/libjnidispatch\\.so"))
        .anyMatch(name -> name.endsWith("libonequeue.so"))
        .anyMatch(name -> name.endsWith("libjnidispatch.so"));
    assertThat(files()).noneMatch(name -> name.matches(".*\\.(dll|jnilib|dylib|a)"));
  }

  @Test
  void everyPackageOfTheIsolatedPartIsDeclared() throws IOException {
    List<String> declared =
        new String(bytes("isolated/packages.txt"), StandardCharsets.UTF_8).strip().lines().toList();

    assertThat(declared)
        .containsAll(
            files().stream()
                .filter(name -> name.matches("isolated/.+\\.class"))
                .map(name -> name.substring("isolated/".length(), name.lastIndexOf('/')))
                .map(folder -> folder.replace('/', '.'))
                .collect(Collectors.toSet()))
        .doesNotHaveDuplicates()
        .noneMatch(name -> name.matches("onequeue\\.(launch|queue|event)"));
  }

  @Test
  void theManifestNamesTheEntryPointsAndAsksForNoMoreThanTheAgentUses() throws IOException {
    Map<String, String> manifest =
        new String(bytes("META-INF/MANIFEST.MF"), StandardCharsets.UTF_8)
            .strip()
            .lines()
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(line -> line[0], line -> line[1]));

    assertThat(manifest)
        .contains(
            entry("Premain-Class", "onequeue.launch.Premain"),
            entry("Main-Class", "onequeue.launch.Main"),
            entry("Can-Redefine-Classes", "true"),
            entry("Can-Retransform-Classes", "true"))
        .containsOnlyKeys(
            "Manifest-Version",
            "Ant-Version",
            "Created-By",
            "Premain-Class",
            "Main-Class",
            "Can-Redefine-Classes",
            "Can-Retransform-Classes",
            "Implementation-Title",
            "Implementation-Version");
  }

  @Test
  void theDoorstepRunsOnOldVmsAndTheRestOnSeventeen() throws IOException {
    assertThat(classFileVersion("onequeue/launch/Premain.class")).isEqualTo(JAVA_8);
    for (String name : files()) {
      if (name.matches("(boot/|isolated/)?onequeue/.+\\.class")) {
        assertThat(classFileVersion(name)).as(name).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  private List<String> files() {
    return jar.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).toList();
  }

  private byte[] bytes(String name) throws IOException {
    try (var in = jar.getInputStream(jar.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  private int classFileVersion(String name) throws IOException {
    try (DataInputStream in = new DataInputStream(jar.getInputStream(jar.getEntry(name)))) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }
}
