package onequeue.carrier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/** Blocking writes of adopted threads: of a virtual thread they end when the buffer is full. */
public final class Writes {
  private Writes() {}

  /** Called in the channel's own write, which wrote a part: writes on, if stock would have. */
  public static int rest(WritableByteChannel channel, ByteBuffer from) throws IOException {
    Adopted adopted = adopted(channel);
    if (adopted == null) {
      return 0;
    }
    boolean outermost = adopted.begunToWrite(true);
    try {
      return channel.write(from); // which comes here again while there is more
    } catch (IOException e) {
      return asOfWrite2(e);
    } finally {
      adopted.begunToWrite(outermost);
    }
  }

  /** Likewise for a write of several buffers. */
  public static long rest(GatheringByteChannel channel, ByteBuffer[] from, int at, int count)
      throws IOException {
    int end = at + count;
    while (at < end && !from[at].hasRemaining()) {
      at++;
    }
    Adopted adopted = at == end ? null : adopted(channel);
    if (adopted == null) {
      return 0;
    }
    boolean outermost = adopted.begunToWrite(true);
    try {
      return channel.write(from, at, end - at);
    } catch (IOException e) {
      return asOfWrite2(e);
    } finally {
      adopted.begunToWrite(outermost);
    }
  }

  /**
   * What was written counts; an error is for the next call to say. An interrupt is said at once.
   */
  private static int asOfWrite2(IOException e) throws IOException {
    if (e instanceof ClosedByInterruptException) {
      throw e;
    }
    return 0;
  }

  /** The calling thread, when it is an adopted one and the channel is a blocking one. */
  private static Adopted adopted(WritableByteChannel channel) {
    boolean blocking = channel instanceof SelectableChannel selectable && selectable.isBlocking();
    return blocking ? Adoption.running() : null;
  }
}
