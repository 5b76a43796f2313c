package onequeue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.junit.jupiter.api.Test;

/**
 * Reads what the classes that live in the JDK's loaders mention: one class too many, and a hook
 * fails.
 */
class BootPurityTest {
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  void theQueueMentionsJavaBaseOnly() throws IOException {
    assertThat(foreign("onequeue/queue", Set.of("java.base"))).isEmpty();
  }

  @Test
  void eventsMentionJavaBaseFlightRecorderAndTheQueueOnly() throws IOException {
    assertThat(foreign("onequeue/event", Set.of("java.base", "jdk.jfr"), "onequeue.queue."))
        .isEmpty();
  }

  @Test
  void carriersMentionJavaBaseAndTheQueueOnly() throws IOException {
    assertThat(
            foreign(
                "onequeue/carrier",
                Set.of("java.base"),
                "onequeue.queue.",
                "jdk.internal.misc.Unsafe"))
        .isEmpty();
  }

  @Test
  void theLauncherMentionsJavaBaseAndInstrumentationOnly() throws IOException {
    assertThat(foreign("onequeue/launch", Set.of("java.base", "java.instrument"))).isEmpty();
  }

  /** The classes that those of the package mention and that are neither its own nor allowed. */
  private static Set<String> foreign(String folder, Set<String> modules, String... prefixes)
      throws IOException {
    Set<String> foreign = new TreeSet<>();
    for (String name : mentioned(CLASSES.resolve(folder))) {
      boolean ours = name.startsWith(folder.replace('/', '.') + ".");
      for (String prefix : prefixes) {
        ours |= name.startsWith(prefix);
      }
      if (!ours && !exported(name, modules)) {
        foreign.add(name);
      }
    }
    return foreign;
  }

  private static Set<String> mentioned(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    Remapper collector =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            names.add(internalName.replace('/', '.'));
            return internalName;
          }
        };
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.class")) {
      for (Path file : files) {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        reader.accept(new ClassRemapper(new ClassWriter(0), collector), 0);
      }
    }
    assertThat(names).as("classes mentioned in %s", folder).isNotEmpty();
    return names;
  }

  private static boolean exported(String name, Set<String> modules) {
    try {
      Class<?> type = Class.forName(name, false, ClassLoader.getPlatformClassLoader());
      Module module = type.getModule();
      return modules.contains(module.getName()) && module.isExported(type.getPackageName());
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
