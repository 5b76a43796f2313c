package onequeue.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections to the hello server that have each had one answer and ask no more. One thread. */
final class IdleConnections implements Closeable {
  private static final String REQUEST = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  private static final String END_OF_ANSWER = "\r\n\r\nHello, world\n";
  private static final int LONGEST_ANSWER_BYTES = 1024;

  private final List<SocketChannel> channels = new ArrayList<>();

  /**
   * Opens them one after the other.
   *
   * @throws IOException when one has no answer
   */
  IdleConnections(int port, int number) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      for (int i = 0; i < number; i++) {
        SocketChannel channel = SocketChannel.open(address);
        channels.add(channel);
        ask(channel);
      }
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  private static void ask(SocketChannel channel) throws IOException {
    channel.write(StandardCharsets.US_ASCII.encode(REQUEST));
    ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER_BYTES);
    while (!text(answer).endsWith(END_OF_ANSWER)) {
      if (channel.read(answer) <= 0) {
        throw new EOFException("no answer that ends as it should: " + text(answer));
      }
    }
  }

  private static String text(ByteBuffer filled) {
    return StandardCharsets.US_ASCII.decode(filled.duplicate().flip()).toString();
  }

  /** How many are open. */
  int number() {
    return channels.size();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
