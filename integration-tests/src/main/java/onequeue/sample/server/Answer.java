package onequeue.sample.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.stream.Stream;

/** An answer on its way: what is in memory, then a file if there is one. One thread at a time. */
final class Answer implements Closeable {
  /** Small enough that a reader at modem speed still shows progress between two sweeps. */
  private static final long TRANSFER_BYTES = 256 * 1024;

  private final boolean isLast;
  private final ByteBuffer[] memory;
  private final FileChannel file;
  private final long size;
  private long memoryLeft;
  private long position;

  /** One that is all in memory. */
  Answer(boolean isLast, ByteBuffer... memory) {
    this(isLast, null, 0, memory);
  }

  /** One that ends with so many bytes of a file, which is closed with it. */
  Answer(boolean isLast, FileChannel file, long size, ByteBuffer... memory) {
    this.isLast = isLast;
    this.memory = memory;
    this.file = file;
    this.size = size;
    memoryLeft = Stream.of(memory).mapToLong(ByteBuffer::remaining).sum();
  }

  /** Whether the connection ends with it. */
  boolean isLast() {
    return isLast;
  }

  boolean isSent() {
    return memoryLeft == 0 && position == size;
  }

  /**
   * Sends some of it; the file, without copying it through the process.
   *
   * @return how many bytes; 0 when the channel does not block and takes none at the moment
   */
  long sendTo(SocketChannel channel) throws IOException {
    if (memoryLeft > 0) {
      long count = channel.write(memory);
      memoryLeft -= count;
      return count;
    }
    long count = file.transferTo(position, Math.min(size - position, TRANSFER_BYTES), channel);
    if (count == 0 && file.size() <= position) {
      throw new IOException("the file became shorter while it was sent");
    }
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
