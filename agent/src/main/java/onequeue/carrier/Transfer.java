package onequeue.carrier;

import java.io.FileDescriptor;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import onequeue.queue.Kind;

/**
 * A transfer of an adopted thread from a file to a blocking socket: the kernel holds a platform
 * thread until all is sent, and tells a virtual one how much there was room for. What the advice
 * calls, in the order of its methods.
 */
public final class Transfer {
  /** As in the JDK's IOStatus. */
  private static final long UNAVAILABLE = -2;

  private static final long INTERRUPTED = -3;

  private final Channel target;
  private long done;

  private Transfer(Channel target) {
    this.target = target;
  }

  /** Before a transfer; the result is for {@link #end}. */
  public static Object begin(SelectableChannel target) {
    Adopted adopted = target.isBlocking() ? Adoption.running() : null;
    if (adopted != null) {
      adopted.transfer = new Transfer(target);
    }
    return adopted;
  }

  /**
   * After each of the kernel's calls.
   *
   * @param result bytes, or one of the JDK's IOStatus
   * @param asked bytes
   * @return whether to make another one, for the rest
   */
  public static boolean goOn(FileDescriptor target, long result, int asked) {
    Coroutine me = FileCalls.me();
    if (me == null || me.adopted == null || me.adopted.transfer == null) {
      return false;
    }
    if (result > 0) {
      me.adopted.transfer.done += result;
      return result < asked; // the next one says whether there is no room, or no more to send
    }
    return result == UNAVAILABLE && awaitRoom(me, FileTable.fd(target));
  }

  private static boolean awaitRoom(Coroutine me, int fd) {
    ChannelWait wait = new ChannelWait(me, Kind.WRITE, fd, me.channel, me.adopted.transfer.target);
    try {
      return wait.until(ChannelWait.POLLOUT);
    } finally {
      wait.end();
    }
  }

  /**
   * After the last call, which gave this or failed.
   *
   * @return what the one call of a platform thread would have given; an error is for the next one
   */
  public static long total(long result) {
    Adopted adopted = Adoption.running();
    if (adopted == null || adopted.transfer == null) {
      return result;
    }
    long done = adopted.transfer.done;
    return done > 0 ? done : result == UNAVAILABLE ? INTERRUPTED : result;
  }

  public static void end(Object begun) {
    if (begun instanceof Adopted adopted) {
      adopted.transfer = null;
    }
  }
}
