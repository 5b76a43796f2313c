package onequeue.it.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * One connection to a server on 127.0.0.1, and HTTP/1.1 by hand. One thread sends, one receives.
 */
final class HttpConnection implements Closeable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  /** What came; names of headers in lower case. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    /** What must be the same in each run. */
    @Override
    public String toString() {
      CRC32 crc = new CRC32();
      crc.update(body);
      String framing = headers.getOrDefault("transfer-encoding", "by length");
      return status + " " + framing + " " + body.length + " " + Long.toHexString(crc.getValue());
    }
  }

  HttpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream());
  }

  Answer get(String path, String... headers) throws IOException {
    send("GET", path, headers);
    return receive();
  }

  void send(String method, String path, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  void sendRaw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** After a head that announced chunks; one without bytes is the last. */
  void sendChunk(byte[] chunk) throws IOException {
    ByteArrayOutputStream framed = new ByteArrayOutputStream(chunk.length + 20);
    framed.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes());
    framed.writeBytes(chunk);
    framed.writeBytes("\r\n".getBytes());
    framed.writeTo(out);
  }

  Answer receive() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body;
    if (headers.containsKey("transfer-encoding")) {
      body = chunks();
    } else if (headers.containsKey("content-length")) {
      body = exactly(Integer.parseInt(headers.get("content-length")));
    } else {
      body = headers.containsKey("connection") ? in.readAllBytes() : new byte[0];
    }
    return new Answer(status, headers, body);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = -1; size != 0; ) {
      size = Integer.parseInt(line(), 16);
      body.writeBytes(exactly(size));
      line();
    }
    return body.toByteArray();
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("in a head, after '" + line + "'");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Whether the server has closed the connection, and sent nothing more. */
  boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  /** Leaves without a word: the server gets a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
