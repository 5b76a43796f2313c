package onequeue.sample.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import onequeue.sample.ThreadKind;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * An HTTP server with a selector thread and a thread for each request, out of a pool or virtual.
 *
 * <p>It prints {@code listening on 127.0.0.1:PORT} and serves until it is killed. A connection
 * whose request is at work is not selected.
 */
@Command(name = "pool-server", description = "Calls a service for each request, then answers.")
public final class PoolServer implements Callable<Integer> {
  private static final int BACKLOG = 1024;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--service",
      paramLabel = "PORT",
      required = true,
      description = "The service's port on 127.0.0.1.")
  private int servicePort;

  @Option(
      names = "--pool",
      paramLabel = "N",
      defaultValue = "50",
      description = "Threads in the pool (default: ${DEFAULT-VALUE}).")
  private int poolSize;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description =
          "platform, the pool, or virtual, a new one for each request (default:"
              + " ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  private ServerSocketChannel listener;
  private Selector selector;
  private Executor requests;
  private ServiceClient service;

  private PoolServer() {}

  /**
   * Serves until the process is killed.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    int exitCode =
        new CommandLine(new PoolServer()).setCaseInsensitiveEnumValuesAllowed(true).execute(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /**
   * Starts the selector thread.
   *
   * @return 0
   * @throws IOException when it cannot listen
   */
  @Override
  public Integer call() throws IOException {
    service = new ServiceClient(servicePort);
    requests = kind == ThreadKind.PLATFORM ? Executors.newFixedThreadPool(poolSize) : perRequest();
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    System.out.println("listening on 127.0.0.1:" + listener.socket().getLocalPort());
    new Thread(this::select, "selector").start();
    return 0;
  }

  private Executor perRequest() {
    ThreadFactory threads = kind.factory();
    return request -> threads.newThread(request).start();
  }

  private void select() {
    try {
      while (true) {
        selector.select(this::ready);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      accept();
    } else {
      key.interestOps(0);
      requests.execute((PoolConnection) key.attachment());
    }
  }

  private void accept() {
    try {
      SocketChannel channel = listener.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new PoolConnection(channel, key, service));
      }
    } catch (IOException failure) {
      System.err.println("a connection could not be accepted: " + failure.getMessage());
    }
  }
}
