package onequeue.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The smallest blocking HTTP server that is still honest: a thread per connection, keep-alive, one
 * read and one write per request, and no allocation after a connection is open.
 *
 * <p>{@code HelloServer [PORT [virtual]]} prints {@code listening on 127.0.0.1:PORT} and serves
 * until it is killed. Port 0, the default, takes any free one; {@code virtual} makes each thread a
 * virtual one, which needs JDK 21. Requests have no body; whatever is asked for, the answer is the
 * same 102 bytes.
 */
public final class HelloServer implements Runnable {
  private static final int LONGEST_HEAD_BYTES = 8192;
  private static final int BACKLOG = 4096;
  private static final byte[] RESPONSE =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/plain\r
      Content-Length: 13\r
      Connection: keep-alive\r
      \r
      Hello, world
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;

  private HelloServer(Socket socket) {
    this.socket = socket;
  }

  /**
   * Serves until the process is killed.
   *
   * @param args see above
   * @throws IOException when the port cannot be bound or accepting fails
   */
  public static void main(String[] args) throws IOException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    ThreadFactory threads = args.length < 2 ? platformThreads() : ThreadKind.VIRTUAL.factory();
    try (ServerSocket server = new ServerSocket()) {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      System.out.println("listening on 127.0.0.1:" + server.getLocalPort());
      while (true) {
        threads.newThread(new HelloServer(server.accept())).start();
      }
    }
  }

  private static ThreadFactory platformThreads() {
    AtomicLong number = new AtomicLong();
    return task -> new Thread(task, "connection-" + number.incrementAndGet());
  }

  /** Serves one connection until the peer ends it or sends a head that is too long. */
  @Override
  public void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      serve(socket.getInputStream(), socket.getOutputStream());
    } catch (IOException gone) {
      // The peer went away in the middle: nobody is left to tell.
    }
  }

  private static void serve(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[LONGEST_HEAD_BYTES];
    int filled = 0;
    while (filled < buffer.length) {
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        return;
      }
      // An end may have begun in the bytes read before: step back over its first three.
      int scan = Math.max(0, filled - 3);
      filled += count;
      int answered = 0;
      for (int end; (end = endOfHead(buffer, Math.max(scan, answered), filled)) >= 0; ) {
        out.write(RESPONSE);
        answered = end;
      }
      filled -= answered;
      System.arraycopy(buffer, answered, buffer, 0, filled);
    }
  }

  /** Index just behind the first empty line in {@code [from, to)}, or -1. */
  private static int endOfHead(byte[] bytes, int from, int to) {
    for (int i = from; i + 3 < to; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }
}
