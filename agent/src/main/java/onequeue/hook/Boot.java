package onequeue.hook;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Enumeration;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import jdk.internal.misc.Unsafe;

/**
 * Puts classes of the jar's {@code boot/} room into the boot loader, one by one.
 *
 * <p>Not by a jar on the boot path: the VM warns about that and gives up class data sharing.
 */
final class Boot {
  private static final String ROOM = "boot/";

  private final File jar;

  Boot(File jar, Instrumentation instrumentation) {
    this.jar = jar;
    open(instrumentation, "jdk.internal.misc");
  }

  /** Defines all classes of the package, {@code /}-parted and with a slash at the end. */
  void define(String folder) throws IOException {
    Deque<byte[]> waiting = new ArrayDeque<>();
    try (JarFile entries = new JarFile(jar, false)) {
      for (Enumeration<JarEntry> all = entries.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        if (entry.getName().startsWith(ROOM + folder) && entry.getName().endsWith(".class")) {
          try (InputStream in = entries.getInputStream(entry)) {
            waiting.add(in.readAllBytes());
          }
        }
      }
    }
    // A class goes in after its superclass: what is too early now is tried again.
    for (int tries = waiting.size() * waiting.size(); !waiting.isEmpty(); tries--) {
      byte[] bytes = waiting.remove();
      if (!define(bytes, tries <= 0)) {
        waiting.add(bytes);
      }
    }
  }

  /** The class file of a class in the room. */
  byte[] read(String className) throws IOException {
    try (JarFile entries = new JarFile(jar, false)) {
      JarEntry entry = entries.getJarEntry(ROOM + className.replace('.', '/') + ".class");
      try (InputStream in = entries.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }

  private static boolean define(byte[] bytes, boolean last) {
    try {
      Unsafe.getUnsafe().defineClass(null, bytes, 0, bytes.length, null, null);
      return true;
    } catch (NoClassDefFoundError e) {
      if (last) {
        throw e;
      }
      return false;
    }
  }

  /** Opens a package of java.base to us, and to nobody else. */
  static void open(Instrumentation instrumentation, String packageName) {
    Set<Module> us = Set.of(Boot.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(packageName, us),
        Map.of(packageName, us),
        Set.of(),
        Map.of());
  }
}
