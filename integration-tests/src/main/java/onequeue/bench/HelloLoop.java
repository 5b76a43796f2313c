package onequeue.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The variant in C, compiled on the machine that it is to run on. */
final class HelloLoop {
  private static final String SOURCE = "/hello_loop.c";

  private HelloLoop() {}

  /**
   * Compiles it, next to the classes of this module.
   *
   * @return the program
   * @throws IOException when there is no gcc, or it finds fault
   */
  static Path compiled() throws IOException, InterruptedException {
    Path program = buildDirectory().resolve("hello-loop");
    Process gcc = compiler(program);
    try (InputStream source = HelloLoop.class.getResourceAsStream(SOURCE);
        OutputStream input = gcc.getOutputStream()) {
      source.transferTo(input);
    }
    if (gcc.waitFor() != 0) {
      throw new IOException("gcc could not compile " + SOURCE);
    }
    return program;
  }

  private static Process compiler(Path program) throws IOException {
    try {
      return new ProcessBuilder("gcc", "-O2", "-Wall", "-Werror", "-xc", "-", "-o", "" + program)
          .inheritIO()
          .redirectInput(ProcessBuilder.Redirect.PIPE)
          .start();
    } catch (IOException missing) {
      throw new IOException("no gcc found: install the package gcc", missing);
    }
  }

  /** Classes are in it, or in a jar in it. */
  private static Path buildDirectory() {
    try {
      return Path.of(HelloLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException malformed) {
      throw new IllegalStateException(malformed);
    }
  }
}
