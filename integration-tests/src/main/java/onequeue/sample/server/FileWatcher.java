package onequeue.sample.server;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.stream.Stream;

/** Waits for notices of changes in the site's directories and passes them to the cache. */
final class FileWatcher extends Thread implements AutoCloseable {
  private final WatchService notices;
  private final PageCache cache;

  FileWatcher(Site site, PageCache cache) throws IOException {
    super("file-watcher");
    this.cache = cache;
    notices = site.root().getFileSystem().newWatchService();
    setDaemon(true);
    watchTree(site.root());
  }

  private void watchTree(Path top) throws IOException {
    List<Path> directories;
    try (Stream<Path> tree = Files.walk(top)) {
      directories = tree.filter(Files::isDirectory).toList();
    }
    for (Path directory : directories) {
      directory.register(notices, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
    }
  }

  @Override
  public void run() {
    try {
      while (true) {
        WatchKey key = notices.take();
        key.pollEvents().forEach(event -> pass(key, event));
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException stopped) {
      cache.allChanged();
    }
  }

  private void pass(WatchKey key, WatchEvent<?> event) {
    if (event.context() instanceof Path name && key.watchable() instanceof Path directory) {
      Path file = directory.resolve(name);
      if (event.kind() == ENTRY_CREATE && Files.isDirectory(file)) {
        watchNew(file);
      } else {
        cache.changed(file);
      }
    } else {
      // An overflow: some notices were dropped.
      cache.allChanged();
    }
  }

  /** Files can be in a new directory before it is watched, so everything is in doubt. */
  private void watchNew(Path directory) {
    try {
      watchTree(directory);
    } catch (IOException goneAgain) {
      System.err.println("watch " + directory + ": " + goneAgain.getMessage());
    }
    cache.allChanged();
  }

  @Override
  public void close() throws IOException {
    notices.close();
  }
}
