package onequeue.sample.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the heads of requests, one after the other. One thread at a time. */
final class RequestReader {
  private static final int LONGEST_HEAD_BYTES = 8192;

  private final ReadableByteChannel channel;

  /** Always in the state for reading: what came in and was not used yet. */
  private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST_HEAD_BYTES).flip();

  /** How much of it holds no end of a head. */
  private int scanned;

  private boolean isAtEnd;

  RequestReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for a whole head, or looks for one if the channel does not block.
   *
   * @return the request, or null when the peer ended the stream or has not sent all of it yet
   * @throws BadRequestException when it is no request for this server
   * @throws IOException when reading fails
   */
  Request next() throws IOException {
    int end;
    while ((end = endOfHead()) < 0) {
      // The end may be split between two reads: keep its possible first three bytes in view.
      scanned = Math.max(0, buffer.remaining() - 3);
      if (!fill()) {
        return null;
      }
    }
    scanned = 0;
    byte[] head = new byte[end];
    buffer.get(head);
    return parse(new String(head, StandardCharsets.ISO_8859_1));
  }

  /** Whether the peer has ended the stream. */
  boolean isAtEnd() {
    return isAtEnd;
  }

  private int endOfHead() {
    int start = buffer.position();
    for (int i = scanned; i + 3 < buffer.remaining(); i++) {
      if (buffer.get(start + i) == '\r'
          && buffer.get(start + i + 1) == '\n'
          && buffer.get(start + i + 2) == '\r'
          && buffer.get(start + i + 3) == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    buffer.compact();
    if (!buffer.hasRemaining()) {
      buffer.flip();
      throw new BadRequestException(431);
    }
    int count = channel.read(buffer);
    buffer.flip();
    isAtEnd = count < 0;
    return count > 0;
  }

  private static Request parse(String head) throws BadRequestException {
    String[] lines = head.split("\r\n");
    String[] words = lines[0].split(" ");
    if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
      throw new BadRequestException(400);
    }
    boolean keepAlive = words[2].equals("HTTP/1.1");
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw new BadRequestException(400);
      }
      String value = lines[i].substring(colon + 1).strip().toLowerCase(Locale.ROOT);
      switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "connection" -> keepAlive = staysOpen(keepAlive, value);
        case "content-length", "transfer-encoding" -> refuseBody(value);
        default -> {}
      }
    }
    if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
      throw new BadRequestException(405);
    }
    int query = words[1].indexOf('?');
    return new Request(words[0], query < 0 ? words[1] : words[1].substring(0, query), keepAlive);
  }

  /** HTTP/1.1 goes on unless told otherwise, HTTP/1.0 the other way round. */
  private static boolean staysOpen(boolean byDefault, String connection) {
    return byDefault ? !connection.equals("close") : connection.equals("keep-alive");
  }

  /** A body that is not read would be taken for the next request. */
  private static void refuseBody(String value) throws BadRequestException {
    if (!value.equals("0")) {
      throw new BadRequestException(413);
    }
  }
}
