package onequeue.it.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What each of the servers serves. */
final class Site {
  static final int LARGE = 24 << 20;

  /** How late what is late is. */
  static final long LATE_MILLIS = 20;

  private static final int BLOCK = 50_000;

  private Site() {}

  /** Lets the libraries say when something is wrong, and nothing else. */
  static void logQuietly() {
    Logger.getLogger("").setLevel(Level.WARNING);
  }

  static boolean has(String path) {
    return List.of("/hello", "/echo", "/large").contains(path);
  }

  /** For a path that there is. */
  static void answer(String path, InputStream in, OutputStream out) throws IOException {
    switch (path) {
      case "/hello" -> out.write("Hello, world\n".getBytes(StandardCharsets.US_ASCII));
      case "/echo" -> in.transferTo(out);
      case "/large" -> large(out);
      default -> throw new IllegalArgumentException(path);
    }
  }

  /** The answer to {@code /later}, which each server gives in a way of its own. */
  static byte[] late() {
    return "at last\n".getBytes(StandardCharsets.US_ASCII);
  }

  private static void large(OutputStream out) throws IOException {
    byte[] block = pattern(BLOCK);
    for (int left = LARGE; left > 0; left -= BLOCK) {
      out.write(block, 0, Math.min(left, BLOCK));
    }
  }

  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 >>> 5);
    }
    return bytes;
  }
}
