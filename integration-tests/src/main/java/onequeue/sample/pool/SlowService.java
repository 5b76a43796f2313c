package onequeue.sample.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Answers each message with one of the same size, a fixed time later, and sleeps meanwhile.
 *
 * <p>{@code SlowService [MILLIS]}, 2 if not given, prints {@code listening on 127.0.0.1:PORT} and
 * serves until it is killed.
 */
public final class SlowService implements Runnable {
  static final int MESSAGE_BYTES = 64;

  private static final int BACKLOG = 1024;

  private final Socket socket;
  private final long millis;

  private SlowService(Socket socket, long millis) {
    this.socket = socket;
    this.millis = millis;
  }

  /**
   * Serves until the process is killed.
   *
   * @param args see above
   * @throws IOException when there is no port or accepting fails
   */
  public static void main(String[] args) throws IOException {
    long millis = args.length == 0 ? 2 : Long.parseLong(args[0]);
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      System.out.println("listening on 127.0.0.1:" + server.getLocalPort());
      while (true) {
        new Thread(new SlowService(server.accept(), millis), "caller").start();
      }
    }
  }

  /** Serves one caller until it goes. */
  @Override
  public void run() {
    byte[] message = new byte[MESSAGE_BYTES];
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      while (in.readNBytes(message, 0, message.length) == message.length) {
        Thread.sleep(millis);
        socket.getOutputStream().write(message);
      }
    } catch (IOException gone) {
      // The caller went away in the middle: nobody is left to tell.
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
