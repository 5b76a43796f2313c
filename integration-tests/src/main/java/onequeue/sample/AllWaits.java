package onequeue.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Waits in one thread each for everything that a program can wait for: connections, bytes, a
 * selector, the clock, a queue, the end of children and of another process, changes of files.
 *
 * <p>Prints {@code ready} when all of them were begun, and ends at the end of its standard input.
 * Its threads are called {@code program}.
 */
@Command(name = "all-waits", description = "Waits for everything that there is.")
public final class AllWaits implements Callable<Integer> {
  private static final int CONNECTIONS = 5;
  private static final int CHILDREN = 5;
  private static final int WATCHES = 3;
  private static final long LONG_SECONDS = 3600;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description = "Kind of the threads, platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  private ThreadFactory factory;

  /** What must not be collected, and goes with this process. */
  private final List<Object> kept = new ArrayList<>();

  private AllWaits() {}

  /**
   * Waits until told and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new AllWaits()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  private interface Wait {
    void run() throws Exception;
  }

  /**
   * Begins all waits, then waits for the end of the input.
   *
   * @return 0
   * @throws Exception when one of them cannot be begun
   */
  @Override
  public Integer call() throws Exception {
    factory = kind.factory();
    Path directory = Files.createTempDirectory("all-waits");
    List<Process> children = new ArrayList<>();
    try {
      connections();
      clock();
      for (int i = 0; i < CHILDREN; i++) {
        Process child = new ProcessBuilder("cat").start();
        children.add(child);
        begin(child::waitFor);
      }
      // A stranger, of which only the end can be seen.
      ProcessHandle.current().parent().ifPresent(parent -> kept.add(parent.onExit()));
      for (int i = 0; i < WATCHES; i++) {
        WatchService watch = directory.getFileSystem().newWatchService();
        directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        begin(watch::take);
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Whatever it is, it is not the end.
      }
    } finally {
      children.forEach(Process::destroy);
      Files.delete(directory);
    }
    return 0;
  }

  private void begin(Wait wait) {
    Thread thread =
        factory.newThread(
            () -> {
              try {
                wait.run();
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    thread.setName("program");
    thread.setDaemon(true);
    thread.start();
  }

  private void connections() throws IOException {
    ServerSocket server = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress());
    begin(
        () -> {
          while (true) {
            Socket socket = server.accept();
            begin(() -> socket.getInputStream().transferTo(socket.getOutputStream()));
          }
        });
    for (int i = 0; i < CONNECTIONS; i++) {
      Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
      kept.add(client);
      client.getOutputStream().write(i);
      if (client.getInputStream().read() != i) {
        throw new IOException("no echo");
      }
    }
    Selector selector = Selector.open();
    begin(selector::select);
  }

  private void clock() {
    begin(() -> TimeUnit.SECONDS.sleep(LONG_SECONDS));
    begin(() -> new LinkedBlockingQueue<>().poll(LONG_SECONDS, TimeUnit.SECONDS));
    kept.add(new CompletableFuture<>().orTimeout(LONG_SECONDS, TimeUnit.SECONDS));
  }
}
