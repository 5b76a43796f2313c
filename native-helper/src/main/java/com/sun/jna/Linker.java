package com.sun.jna;

import java.nio.file.Path;

/**
 * JNA's lower floor: opens a library by its path and finds functions in it.
 *
 * <p>Not JNA's {@code NativeLibrary}, nor its {@code Memory}: the one starts a child process to ask
 * for the system's library path, the other a cleaner thread. Neither has a place in somebody else's
 * program. In JNA's package, because the natives below have no public door, and reflection on their
 * class would load AWT, which a small image lacks.
 */
public final class Linker {
  private static final int LAZY = 1; // RTLD_LAZY
  private static final String TEMPORARY_FILES = "jna.tmpdir";
  private static final String[] PROPERTIES = {TEMPORARY_FILES, "jna.loaded", "jnidispatch.path"};

  private final long handle;

  private Linker(long handle) {
    this.handle = handle;
  }

  /**
   * @throws UnsatisfiedLinkError with what dlopen said
   */
  public static Linker open(Path file) {
    // JNA tidies its directory of temporary files as it starts, and would make one in the user's
    // home for that. Properties it sets are not for the program to see, nor for a JNA of its own.
    String[] before = new String[PROPERTIES.length];
    for (int i = 0; i < before.length; i++) {
      before[i] = System.getProperty(PROPERTIES[i]);
    }
    System.setProperty(TEMPORARY_FILES, file.getParent().toString());
    try {
      return new Linker(Native.open(file.toString(), LAZY));
    } finally {
      for (int i = 0; i < before.length; i++) {
        restore(PROPERTIES[i], before[i]);
      }
    }
  }

  private static void restore(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  /** The function of that name. */
  public Function function(String name) {
    return Function.getFunction(new Pointer(Native.findSymbol(handle, name)));
  }
}
