package onequeue.carrier;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;

/**
 * The wait of one call on a descriptor, in a file channel or in java.io, which no interrupt ends
 * but that of a channel, which closes it.
 */
public final class ChannelWait implements BooleanSupplier {
  static final int POLLIN = 1;
  static final int POLLOUT = 4;

  /**
   * By the set of threads that use a channel: the descriptor that one of them waits on (the channel
   * lets one at a time), and whether the channel is being closed. The one who waits puts down the
   * first, then looks for the second; who closes does it the other way round.
   */
  private static final ConcurrentHashMap<Object, Integer> WAITING = new ConcurrentHashMap<>();

  private static final ConcurrentHashMap<Object, Boolean> CLOSING = new ConcurrentHashMap<>();

  private final Coroutine me;
  private final int fd;
  private final Object threads;
  private final Channel target;
  private final Object report;

  /**
   * @param threads the set of threads of the file channel; null in java.io
   * @param target whose descriptor it is if not the file's; or null
   */
  ChannelWait(Coroutine me, Kind kind, int fd, Object threads, Channel target) {
    this.me = me;
    this.fd = fd;
    this.threads = threads;
    this.target = target;
    report = Hooks.recording ? Hooks.reports.begin(kind, fd, null) : null;
    if (threads != null) {
      WAITING.put(threads, fd);
    }
  }

  /** A channel is being closed, and some virtual thread is in it. */
  public static void closing(Object threads) {
    CLOSING.put(threads, true);
    Integer fd = WAITING.get(threads);
    if (fd != null) {
      Readiness.stop(fd, POLLIN);
      Readiness.stop(fd, POLLOUT);
    }
  }

  /** Nobody is in it any more. */
  public static void closed(Object threads) {
    CLOSING.remove(threads);
  }

  /** False when a channel is being closed, or the descriptor cannot be waited on. */
  boolean until(int event) {
    try {
      Readiness.poll(fd, event, this, me);
    } catch (IOException e) {
      return false;
    }
    return isOpen();
  }

  boolean isOpen() {
    return (threads == null || !CLOSING.containsKey(threads))
        && (target == null || target.isOpen());
  }

  @Override
  public boolean getAsBoolean() {
    return isOpen();
  }

  void end() {
    if (threads != null) {
      WAITING.remove(threads);
    }
    if (report != null) {
      Hooks.reports.end(report);
    }
  }
}
