package onequeue.sample.server;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The directory that is served: no name leads out of it. Immutable; any thread. */
final class Site {
  private final Path root;

  Site(Path root) throws IOException {
    this.root = root.toRealPath();
  }

  Path root() {
    return root;
  }

  /**
   * The regular file that a request's path names.
   *
   * @param urlPath percent-encoded, beginning with a slash
   * @return its real path, which lies in this site
   * @throws NoSuchFileException when there is none, or it lies outside
   */
  Path find(String urlPath) throws NoSuchFileException {
    try {
      // A plus is a plain character in a path; the decoder, made for forms, would blank it.
      String name = URLDecoder.decode(urlPath.replace("+", "%2B"), StandardCharsets.UTF_8);
      return inside(root.resolve(name.substring(1)), name);
    } catch (IllegalArgumentException malformed) {
      throw new NoSuchFileException(urlPath);
    }
  }

  /**
   * The regular file that an include in another file names.
   *
   * @param from the file that includes
   * @param name relative to it
   * @return its real path, which lies in this site
   * @throws NoSuchFileException when there is none, or it lies outside
   */
  Path find(Path from, String name) throws NoSuchFileException {
    try {
      return inside(from.resolveSibling(name), name);
    } catch (InvalidPathException malformed) {
      throw new NoSuchFileException(name);
    }
  }

  /** Links are followed before the check, so that they do not lead out either. */
  private Path inside(Path path, String name) throws NoSuchFileException {
    try {
      Path real = path.toRealPath();
      if (Files.isDirectory(real)) {
        real = real.resolve("index.html").toRealPath();
      }
      if (real.startsWith(root) && Files.isRegularFile(real)) {
        return real;
      }
    } catch (IOException missing) {
      // Whatever keeps it from being found, the client is told the same.
    }
    throw new NoSuchFileException(name);
  }

  static String contentType(Path file) {
    String name = file.getFileName().toString();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "txt" -> "text/plain; charset=utf-8";
      case "png" -> "image/png";
      default -> "application/octet-stream";
    };
  }
}
