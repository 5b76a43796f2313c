package onequeue.it.programs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/**
 * Watch services that wait for nothing, in a program whose threads are of a kind. Prints how many
 * kernel threads they have, then waits for the end of its input; then has each of them tell a
 * change.
 */
public final class AsyncWatchThreads {
  private static final int SERVICES = 3;

  /** So much of a thread's name is kept by the kernel. */
  private static final String NAME = "FileSystemWatchService".substring(0, 15);

  private AsyncWatchThreads() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("watch");
    FilesThreads.start(() -> "the first of its kind").end();
    List<WatchService> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      WatchService service = directory.getFileSystem().newWatchService();
      services.add(service);
      directory.register(service, ENTRY_CREATE); // its thread has answered
    }
    System.out.println("kernel threads " + kernelThreads());
    System.in.read();
    Path file = Files.createFile(directory.resolve("file"));
    for (WatchService service : services) {
      System.out.println(
          FilesThreads.start(() -> service.take().pollEvents().get(0).context()).end());
      service.close();
    }
    FilesThreads.until("none is left", () -> kernelThreads() == 0);
    Files.delete(file);
    Files.delete(directory);
    System.out.println("closed");
  }

  private static long kernelThreads() {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(task -> nameOf(task).equals(NAME)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm")).trim();
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }
}
