package onequeue.sample.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the sample server.
 *
 * <p>Prints {@code listening on 127.0.0.1:PORT} once it accepts connections. It ends on SIGTERM, or
 * by itself after {@code --seconds}.
 */
@Command(
    name = "sample-server",
    description = "Serves static files and pages put together from files and sub-requests.")
public final class SampleServer implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port on 127.0.0.1; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "Directory to serve (default: a small example, made in a temporary directory).")
  private Path root;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "End after N seconds (default: serve until SIGTERM).")
  private Long seconds;

  @Option(
      names = "--idle-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "Shut a connection without progress for N seconds (default: ${DEFAULT-VALUE}).")
  private long idleSeconds;

  @Option(
      names = "--nio",
      description = "Serve with one selector and a few workers, not with a thread per connection.")
  private boolean nio;

  private SampleServer() {}

  /**
   * Serves, then exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SampleServer()).execute(args));
  }

  /**
   * Serves until the time is up.
   *
   * @return 0
   * @throws IOException when the port cannot be bound or the directory cannot be read
   * @throws InterruptedException when the main thread is interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Site site = new Site(root != null ? root : ExampleSite.create());
    PageCache cache = new PageCache(site);
    try (FileWatcher watcher = new FileWatcher(site, cache);
        Backend backend = new Backend();
        BackendPool pool = new BackendPool(backend.port());
        Front front = front(new Responder(site, cache, pool))) {
      watcher.start();
      backend.start();
      new IdleSweeper(front, Duration.ofSeconds(idleSeconds)).start();
      front.start();
      System.out.println("listening on 127.0.0.1:" + front.port());
      if (seconds == null) {
        Thread.currentThread().join();
      } else {
        TimeUnit.SECONDS.sleep(seconds);
      }
    }
    return 0;
  }

  private Front front(Responder responder) throws IOException {
    return nio ? new Reactor(port, responder) : new Listener(port, responder);
  }
}
