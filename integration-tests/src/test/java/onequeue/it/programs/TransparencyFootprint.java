package onequeue.it.programs;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/** What a program could find of us in its process: threads, descriptors, properties, files. */
public final class TransparencyFootprint {
  /** The program's own log manager: taken only when nobody has asked for one before. */
  public static final class Manager extends LogManager {}

  private TransparencyFootprint() {}

  /**
   * @param args what to look at
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "threads" -> threads();
      case "descriptors" -> descriptors();
      case "logging" -> logging();
      case "properties" -> properties();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void threads() throws Exception {
    Thread.sleep(1);
    LockSupport.parkNanos(1);
    TransparencyWatch.start(() -> 1).end();
    Thread[] all = new Thread[99];
    ThreadGroup root = Thread.currentThread().getThreadGroup().getParent();
    int n = root.enumerate(all);
    Stream.of(all)
        .limit(n)
        .map(t -> t.getName() + " " + t.isDaemon() + " " + t.getPriority())
        .sorted()
        .forEach(System.out::println);
    Thread.getAllStackTraces().keySet().stream()
        .map(t -> t.getThreadGroup() + " " + t.getName())
        .sorted()
        .forEach(System.out::println);
    System.out.println(ManagementFactory.getThreadMXBean().getPeakThreadCount());
  }

  private static void descriptors() throws IOException {
    try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : list.toList()) {
        if (Files.isSymbolicLink(link)) {
          System.out.println(Files.readSymbolicLink(link));
        }
      }
    }
  }

  private static void logging() {
    System.setProperty("java.util.logging.manager", Manager.class.getName());
    System.out.println(LogManager.getLogManager().getClass());
  }

  private static void properties() {
    new TreeMap<>(System.getProperties())
        .forEach(
            (key, value) -> {
              if (!List.of("java.vm.compressedOopsMode", "sun.nio.PageAlignDirectMemory")
                  .contains(key)) {
                System.out.println(key + "=" + value);
              }
            });
  }
}
