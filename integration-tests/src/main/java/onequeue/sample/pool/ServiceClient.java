package onequeue.sample.pool;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Blocking calls to a {@link SlowService}, over as many sockets as are in use at once. */
final class ServiceClient {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final byte[] MESSAGE = new byte[SlowService.MESSAGE_BYTES];

  private final InetSocketAddress address;
  private final Queue<Socket> idle = new ConcurrentLinkedQueue<>();

  ServiceClient(int port) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Returns when the service has answered; any thread. */
  void call() throws IOException {
    Socket socket = idle.poll();
    if (socket == null) {
      socket = open();
    }
    try {
      socket.getOutputStream().write(MESSAGE);
      byte[] answer = socket.getInputStream().readNBytes(MESSAGE.length);
      if (answer.length < MESSAGE.length) {
        throw new EOFException("the service ended the connection");
      }
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
    idle.add(socket);
  }

  private Socket open() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }
}
