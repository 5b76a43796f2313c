package onequeue.it.programs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Watched directories, by threads of a kind; prints what they are told. */
public final class AsyncWatch {
  /** More than a key keeps. */
  private static final int TOO_MANY = 600;

  private AsyncWatch() {}

  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory("watch");
    Path one = Files.createDirectory(root.resolve("one"));
    Path two = Files.createDirectory(root.resolve("two"));
    changes(one, two);
    deletedDirectory(root);
    overflow(one, two);
    ends(one);
    delete(root);
  }

  private static void changes(Path one, Path two) throws Exception {
    try (WatchService service = one.getFileSystem().newWatchService()) {
      WatchKey first = one.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      WatchKey second = two.register(service, ENTRY_CREATE);
      WatchKey again = one.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      System.out.println("same key " + (first == again) + " " + (first == second));
      Path file = one.resolve("file");
      told("created", service, () -> Files.createFile(file));
      told("touched", service, () -> Files.setLastModifiedTime(file, FileTime.fromMillis(0)));
      told("deleted", service, () -> Files.delete(file));
      told("in the other one", service, () -> Files.createFile(two.resolve("file")));
      second.cancel();
      Files.delete(two.resolve("file"));
      System.out.println("cancelled " + second.isValid() + " " + second.reset());
      System.out.println("nothing " + service.poll() + service.poll(9, TimeUnit.MILLISECONDS));
      show("no directory", () -> Files.createFile(file).register(service, ENTRY_CREATE));
    }
  }

  /** What a thread gets that waits when the change is made. */
  private static void told(String what, WatchService service, Change change) throws Exception {
    FilesThreads waiter = FilesThreads.start(() -> describe(service.take()));
    TransparencyWatch.settle(waiter.thread());
    change.run();
    System.out.println(what + ": " + waiter.end());
  }

  /** A change of the file system. */
  private interface Change {
    void run() throws IOException;
  }

  /** In order; how often a change is told depends on when the watcher looks. */
  private static String describe(WatchKey key) {
    Set<String> events = new TreeSet<>();
    for (WatchEvent<?> event : key.pollEvents()) {
      events.add(event.kind() + " " + event.context());
    }
    return ((Path) key.watchable()).getFileName() + " " + events + " " + key.reset();
  }

  private static void deletedDirectory(Path root) throws Exception {
    Path gone = Files.createDirectory(root.resolve("gone"));
    try (WatchService service = root.getFileSystem().newWatchService()) {
      gone.register(service, ENTRY_CREATE, ENTRY_DELETE);
      told("its directory is deleted", service, () -> Files.delete(gone));
    }
  }

  /** Each event comes behind the earlier ones: when the second key is told, the first one was. */
  private static void overflow(Path one, Path two) throws Exception {
    try (WatchService service = one.getFileSystem().newWatchService()) {
      WatchKey full = one.register(service, ENTRY_CREATE);
      WatchKey mark = two.register(service, ENTRY_CREATE);
      for (int i = 0; i < TOO_MANY; i++) {
        Files.createFile(one.resolve("file" + i));
      }
      Files.createFile(two.resolve("mark"));
      WatchKey told = service.take();
      while (told != mark) {
        told = service.take();
      }
      boolean overflown =
          full.pollEvents().stream().anyMatch(event -> event.kind().name().equals("OVERFLOW"));
      System.out.println("overflow " + overflown);
    }
  }

  private static void ends(Path directory) throws Exception {
    WatchService service = directory.getFileSystem().newWatchService();
    directory.register(service, ENTRY_DELETE);
    FilesThreads interrupted = FilesThreads.start(service::take);
    TransparencyWatch.settle(interrupted.thread());
    interrupted.thread().interrupt();
    System.out.println("interrupted: " + interrupted.end());
    FilesThreads taker = FilesThreads.start(service::take);
    FilesThreads poller = FilesThreads.start(() -> service.poll(60, TimeUnit.SECONDS));
    TransparencyWatch.settle(taker.thread());
    TransparencyWatch.settle(poller.thread());
    service.close();
    System.out.println("closed: " + taker.end() + " " + poller.end());
    show("take", service::take);
    show("register", () -> directory.register(service, ENTRY_CREATE));
  }

  private static void show(String name, Callable<?> call) throws Exception {
    // The directories differ from run to run.
    System.out.println(name + ": " + FilesThreads.start(call).end().replaceAll("/.*/", ""));
  }

  private static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      paths.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    }
  }
}
