package onequeue.sample.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One blocking keep-alive connection to the backend. One thread at a time. */
final class BackendConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final int LONGEST_LINE_BYTES = 8192;
  private static final int LONGEST_BODY_BYTES = 1024 * 1024;

  private final Socket socket = new Socket();
  private final InputStream in;

  BackendConnection(int port) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  byte[] get(String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: backend\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    String status = line();
    int length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = length(header.substring("content-length:".length()));
      }
    }
    if (!status.startsWith("HTTP/1.1 200 ") || length < 0) {
      throw new IOException("backend answered: " + status);
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("backend ended the connection in a body");
    }
    return body;
  }

  private static int length(String digits) throws IOException {
    try {
      int length = Integer.parseInt(digits.strip());
      if (length <= LONGEST_BODY_BYTES) {
        return length;
      }
    } catch (NumberFormatException malformed) {
      // Said below, as for a length that is too big.
    }
    throw new IOException("backend sent a length of " + digits.strip());
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LONGEST_LINE_BYTES) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("backend ended the connection in a head");
      }
      if (next == '\n') {
        return line.toString();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    throw new IOException("backend sent a line that is too long");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is given up either way.
    }
  }
}
