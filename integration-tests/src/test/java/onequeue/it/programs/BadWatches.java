package onequeue.it.programs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static onequeue.it.programs.BadFiles.tell;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Watched directories that go away, watch services that are closed, and too many of them. */
public final class BadWatches {
  private static final int MORE_THAN_THERE_CAN_BE = 100_000;
  private static final int EVENTS = 2000;

  private BadWatches() {}

  /**
   * @param args none, or {@code many} for as many services as there can be
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      AdoptionThreads.run("many", BadWatches::many);
      return;
    }
    Path directory = Files.createTempDirectory("bad");
    AdoptionThreads.run(
        "deleted", () -> deleted(Files.createDirectory(directory.resolve("deleted"))));
    AdoptionThreads.run(
        "unmounted", () -> unmounted(Files.createDirectory(directory.resolve("mounted"))));
    AdoptionThreads.run(
        "overflown", () -> overflown(Files.createDirectory(directory.resolve("overflown"))));
    AdoptionThreads.run("refused", () -> refused(directory));
    closed(directory);
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static WatchService service() throws IOException {
    return FileSystems.getDefault().newWatchService();
  }

  private static WatchKey watched(WatchService service, Path directory) throws IOException {
    return directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
  }

  private static void deleted(Path directory) throws Exception {
    try (WatchService service = service()) {
      WatchKey key = watched(service, directory);
      TransparencyWatch taker = TransparencyWatch.start(() -> service.take().equals(key));
      taker.blocked();
      Files.delete(directory);
      System.out.println(taker.end() + " " + key.pollEvents().size());
      System.out.println("valid " + key.isValid() + " " + key.reset());
      tell("nothing more", () -> service.poll(5, TimeUnit.MILLISECONDS));
      tell("again", () -> watched(service, directory).isValid());
    }
  }

  /** Where it can be done: it takes root. */
  private static void unmounted(Path directory) throws Exception {
    if (BadFiles.command("mount", "-t", "tmpfs", "none", directory.toString()) != 0) {
      System.out.println("nothing to unmount: cannot mount");
      return;
    }
    try (WatchService service = service()) {
      WatchKey key = watched(service, directory);
      TransparencyWatch taker = TransparencyWatch.start(() -> service.take().equals(key));
      taker.blocked();
      System.out.println("unmounted " + BadFiles.command("umount", directory.toString()));
      System.out.println(taker.end() + " " + key.pollEvents().size());
      System.out.println("valid " + key.isValid() + " " + key.reset());
    }
  }

  /** More events than a key keeps: it says so, and that is all that it says. */
  private static void overflown(Path directory) throws Exception {
    try (WatchService service = service()) {
      WatchKey key = watched(service, directory);
      for (int i = 0; i < EVENTS; i++) {
        Files.delete(Files.createFile(directory.resolve("file" + i)));
      }
      System.out.println(service.poll(1, TimeUnit.MINUTES).equals(key));
      List<WatchEvent<?>> events = new ArrayList<>();
      AdoptionThreads.until(
          "overflow",
          () -> {
            events.addAll(key.pollEvents());
            return events.stream().anyMatch(event -> event.kind().name().equals("OVERFLOW"));
          });
      System.out.println("overflow");
    }
  }

  private static void refused(Path directory) throws Exception {
    try (WatchService service = service()) {
      Path file = Files.createFile(directory.resolve("file"));
      tell("a file", () -> watched(service, file));
      tell("none", () -> watched(service, Path.of("/no/such/directory")));
    }
  }

  private static void closed(Path directory) throws Exception {
    WatchService service = service();
    WatchKey key = watched(service, directory);
    TransparencyWatch taker = TransparencyWatch.start(service::take);
    TransparencyWatch poller = TransparencyWatch.start(() -> service.poll(1, TimeUnit.HOURS));
    taker.blocked();
    poller.blocked();
    service.close();
    System.out.println(taker.end() + ", " + poller.end() + ", " + key.isValid());
    tell("poll", service::poll);
    tell("register", () -> watched(service, directory));
    WatchService other = service();
    TransparencyWatch interrupted = TransparencyWatch.start(other::take);
    interrupted.blocked();
    interrupted.thread().interrupt();
    System.out.println(interrupted.end());
    other.close();
  }

  /** The limit is the user's, and others have some of it: how many there were says nothing. */
  private static void many() throws Exception {
    List<WatchService> services = new ArrayList<>();
    tell(
        "too many",
        () -> {
          while (services.size() < MORE_THAN_THERE_CAN_BE) {
            services.add(service());
          }
          return "as many as it wants";
        });
    for (WatchService service : services) {
      service.close();
    }
    tell("one", () -> service().poll());
  }
}
