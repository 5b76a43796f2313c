package onequeue.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Looks through the head of an answer, byte by byte and once, for the three things a client has to
 * know.
 *
 * <p>Understands answers with a Content-Length, the only ones the servers of this module give. One
 * thread; allocates nothing.
 */
final class ResponseScanner {
  /** Heads that are longer are refused. */
  static final int LONGEST_HEAD_BYTES = 8192;

  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSE = "connection: close".getBytes(StandardCharsets.US_ASCII);
  private static final int TO_LOWER_CASE = 0x20;

  private int status;
  private long contentLength;
  private boolean closes;

  /**
   * Scans what has come so far.
   *
   * @param bytes the answer from its first byte
   * @param length how many there are
   * @return the index behind the head, or -1 when it is not complete
   * @throws IOException when it is not understood
   */
  int scan(byte[] bytes, int length) throws IOException {
    status = 0;
    contentLength = -1;
    closes = false;
    int line = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        int end = i > line && bytes[i - 1] == '\r' ? i - 1 : i;
        if (end == line) {
          return complete(i + 1);
        }
        takeLine(bytes, line, end);
        line = i + 1;
      }
    }
    if (length >= LONGEST_HEAD_BYTES) {
      throw new IOException("the head of an answer is too long");
    }
    return -1;
  }

  private int complete(int end) throws IOException {
    if (status == 0 || contentLength < 0) {
      throw new IOException("an answer without a status or a length");
    }
    return end;
  }

  private void takeLine(byte[] bytes, int start, int end) throws IOException {
    if (start == 0) {
      // HTTP/1.1 200
      status = (int) number(bytes, Math.min(9, end), Math.min(12, end));
    } else if (startsWith(bytes, start, end, LENGTH)) {
      contentLength = number(bytes, start + LENGTH.length, end);
    } else if (startsWith(bytes, start, end, CLOSE)) {
      closes = true;
    }
  }

  private static boolean startsWith(byte[] bytes, int start, int end, byte[] name) {
    if (end - start < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if ((bytes[start + i] | TO_LOWER_CASE) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int start, int end) throws IOException {
    int from = start;
    int to = end;
    while (from < to && bytes[from] == ' ') {
      from++;
    }
    while (to > from && bytes[to - 1] == ' ') {
      to--;
    }
    if (from == to || to - from > 9) {
      throw new IOException("an answer without a status or a length");
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        throw new IOException("no number where one has to be");
      }
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  /** Of the head that was complete. */
  int status() {
    return status;
  }

  /** Bytes of the body behind the head that was complete. */
  long contentLength() {
    return contentLength;
  }

  /** Whether the server ends the connection after the answer. */
  boolean closes() {
    return closes;
  }
}
