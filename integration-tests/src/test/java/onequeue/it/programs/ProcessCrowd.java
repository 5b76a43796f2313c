package onequeue.it.programs;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Many children at once. Prints two lines: what became of them, which is the same with us and
 * without, and what was held for them, which is not.
 */
public final class ProcessCrowd {
  private ProcessCrowd() {}

  /**
   * @param args how many
   */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    List<Process> children = new ArrayList<>();
    long threads = kernelThreads();
    for (int i = 0; i < count; i++) {
      children.add(
          new ProcessBuilder("sh", "-c", "read code; exit $code")
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start());
    }
    threads = kernelThreads() - threads;
    long pidfds = pidfds();
    for (int i = 0; i < count; i++) {
      children.get(i).getOutputStream().write((i % 200 + "\n").getBytes());
      children.get(i).getOutputStream().close();
    }
    int good = 0;
    for (int i = 0; i < count; i++) {
      good += children.get(i).waitFor() == i % 200 ? 1 : 0;
    }
    System.out.println("right codes " + good);
    System.out.println("threads " + threads + " pidfds " + pidfds + " left " + pidfds());
  }

  private static long kernelThreads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }

  private static long pidfds() throws IOException {
    long count = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
        count += isPidfd(descriptor) ? 1 : 0;
      }
    }
    return count;
  }

  /** Of old kernels an anonymous inode, of newer ones a file of a file system of its own. */
  private static boolean isPidfd(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("pidfd");
    } catch (IOException closed) {
      return false;
    }
  }
}
