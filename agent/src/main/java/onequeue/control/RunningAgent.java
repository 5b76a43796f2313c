package onequeue.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Finds the status page of an agent in another process, through {@code /proc}. The process itself
 * notices nothing of it and need not run on, nor on the JDK that the caller runs on. Any thread.
 */
public final class RunningAgent {
  private static final Path PROC = Path.of("/proc");

  /** What the descriptor of the page shows; keep in sync with memfd_create in queue.c. */
  private static final String LINK = "/memfd:onequeue (deleted)";

  private RunningAgent() {}

  /**
   * Reads the page as it is now.
   *
   * @param pid the process, as numbered in the caller's PID namespace
   * @throws StatusException when there is no such process, no agent in it, one of another version,
   *     or when the caller may not look
   */
  public static StatusPage status(long pid) throws StatusException {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      throw new StatusException("no /proc here; the agent and this tool need Linux");
    }
    String process = "process " + pid;
    Path home = PROC.resolve(Long.toString(pid));
    try {
      return read(process, find(process, home.resolve("fd")));
    } catch (AccessDeniedException e) {
      throw new StatusException(process + ": not allowed; run this as its user or as root", e);
    } catch (IOException e) {
      throw new StatusException(
          Files.isDirectory(home) ? process + ": cannot read its status: " + e : "no " + process,
          e);
    }
  }

  private static Path find(String process, Path descriptors) throws IOException, StatusException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : all) {
        if (target(descriptor).equals(LINK)) {
          return descriptor;
        }
      }
    }
    throw new StatusException(
        process + " has no onequeue agent; it is there from a start with -javaagent:onequeue.jar");
  }

  /** Where the link points; empty when the program has closed that descriptor meanwhile. */
  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static StatusPage read(String process, Path page) throws IOException, StatusException {
    try (FileChannel file = FileChannel.open(page, StandardOpenOption.READ)) {
      return StatusPage.read(process, file);
    }
  }
}
