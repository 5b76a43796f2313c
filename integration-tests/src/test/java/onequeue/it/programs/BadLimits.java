package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.io.Closeable;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A program that uses up its descriptors. Prints what each call says when there is none left, and
 * what works again; in its last line how many it had, which is more without us.
 */
public final class BadLimits {
  private static final int THREADS = 20;

  private final Deque<Closeable> taken = new ArrayDeque<>();

  private BadLimits() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("first", BadLimits::loadClasses);
    AdoptionThreads.run("limits", () -> new BadLimits().run());
  }

  /** Classes that are first used while there is no descriptor left fail in their own ways. */
  private static void loadClasses() throws Exception {
    new BadLimits().calls(false);
    TransparencyWatch.start(BadLimits::sleeps).end();
    again();
  }

  private void run() throws Exception {
    int count = takeAll();
    calls(true);
    threads();
    System.out.println("accepts again " + acceptsAgain());
    while (!taken.isEmpty()) {
      taken.pop().close();
    }
    calls(false);
    System.out.println("again " + again());
    System.out.println("descriptors " + count);
  }

  private int takeAll() throws Exception {
    tell(
        "no more",
        () -> {
          while (true) {
            taken.push(new FileInputStream("/dev/null"));
          }
        });
    return taken.size();
  }

  /** None of them is kept. */
  private void calls(boolean full) throws Exception {
    try (ServerSocket server = full ? null : new ServerSocket(0)) {
      call(full, "file", () -> Files.newInputStream(Path.of("/dev/null")));
      call(full, "channel", () -> FileChannel.open(Path.of("/dev/null")));
      call(full, "socket", Socket::new);
      call(
          full,
          "connect",
          () -> new Socket(InetAddress.getLoopbackAddress(), full ? 1 : server.getLocalPort()));
      call(full, "server", () -> new ServerSocket(0));
      call(full, "socket channel", SocketChannel::open);
      call(full, "selector", Selector::open);
      call(full, "watch", () -> FileSystems.getDefault().newWatchService());
      call(
          full,
          "pipe",
          () -> {
            Pipe pipe = Pipe.open();
            pipe.sink().close();
            return pipe.source();
          });
      call(full, "list", () -> Files.newDirectoryStream(Path.of("/dev")));
      call(
          full,
          "process",
          () -> {
            Process process = new ProcessBuilder("true").start();
            process.waitFor();
            return process.getInputStream();
          });
    }
  }

  private static void call(boolean full, String name, Callable<? extends Closeable> call) {
    Callable<String> closed =
        () -> {
          call.call().close();
          return "works";
        };
    if (full) {
      tell(name, closed);
    } else if (!TransparencyWatch.outcome(closed).equals("works")) {
      System.out.println(name + " DOES NOT WORK " + TransparencyWatch.outcome(closed));
    }
  }

  /** Threads that wait when there is no descriptor for them wait all the same. */
  private static void threads() throws Exception {
    TransparencyWatch[] all = new TransparencyWatch[THREADS];
    for (int i = 0; i < THREADS; i++) {
      all[i] = TransparencyWatch.start(BadLimits::sleeps);
    }
    for (TransparencyWatch each : all) {
      System.out.print(each.end() + " ");
    }
    System.out.println();
  }

  private static String sleeps() throws Exception {
    TimeUnit.MILLISECONDS.sleep(2);
    return "slept";
  }

  /** An accept that finds no descriptor fails, and the connection is there for the next one. */
  private boolean acceptsAgain() throws Exception {
    for (int i = 0; i < 4; i++) {
      taken.pop().close();
    }
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      tell(
          "no more",
          () -> {
            while (true) {
              taken.push(new FileInputStream("/dev/null"));
            }
          });
      tell("accept", () -> server.accept().isConnected());
      taken.pop().close();
      taken.pop().close();
      try (Socket accepted = server.accept()) {
        client.getOutputStream().write(42);
        return accepted.getInputStream().read() == 42;
      }
    }
  }

  private static String again() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      accepted.setSoTimeout(5);
      client.getOutputStream().write(42);
      int read = accepted.getInputStream().read();
      return read + " " + TransparencyWatch.outcome(accepted.getInputStream()::read);
    }
  }
}
