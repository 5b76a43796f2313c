package onequeue.carrier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/** Blocking writes of adopted threads: of a virtual thread they end when the buffer is full. */
public final class Writes {
  private Writes() {}

  /** Called in the channel's own write, which wrote a part: writes on, if stock would have. */
  public static int rest(WritableByteChannel channel, ByteBuffer from) throws IOException {
    if (!isOfAdopted(channel)) {
      return 0;
    }
    try {
      return channel.write(from); // which comes here again while there is more
    } catch (ClosedChannelException e) {
      return 0; // as write(2): what was written counts, the next call says it
    }
  }

  /** Likewise for a write of several buffers. */
  public static long rest(GatheringByteChannel channel, ByteBuffer[] from, int at, int count)
      throws IOException {
    int end = at + count;
    while (at < end && !from[at].hasRemaining()) {
      at++;
    }
    if (at == end || !isOfAdopted(channel)) {
      return 0;
    }
    try {
      return channel.write(from, at, end - at);
    } catch (ClosedChannelException e) {
      return 0;
    }
  }

  private static boolean isOfAdopted(WritableByteChannel channel) {
    return channel instanceof SelectableChannel selectable
        && selectable.isBlocking()
        && Adoption.handleOrNull(Thread.currentThread()) != null;
  }
}
