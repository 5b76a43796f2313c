package onequeue.carrier;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Reads and writes of virtual threads on pipes and FIFOs behind java.io and file channels: they
 * wait for readiness, like sockets. A blocking write writes all.
 */
public final class PipeCalls {
  private static final int POLLIN = 1;
  private static final int POLLOUT = 4;

  /**
   * By the set of threads that use a channel: the descriptor that one of them waits on (the channel
   * lets one at a time), and whether the channel is being closed. The one who waits puts down the
   * first, then looks for the second; who closes does it the other way round.
   */
  private static final ConcurrentHashMap<Object, Integer> WAITING = new ConcurrentHashMap<>();

  private static final ConcurrentHashMap<Object, Boolean> CLOSING = new ConcurrentHashMap<>();

  private PipeCalls() {}

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

  static int read(Coroutine me, int fd, long address, int len) {
    int n = Native.tryRead(fd, address, len, -1);
    if (n == -FileCalls.EAGAIN) {
      Wait wait = new Wait(me, fd, me.fileThreads);
      try {
        do {
          if (!wait.until(POLLIN)) {
            return wait.isOpen() ? FileCalls.NOT_OURS : FileCalls.INTERRUPTED;
          }
          n = Native.tryRead(fd, address, len, -1);
        } while (n == -FileCalls.EAGAIN);
      } finally {
        wait.end();
      }
    }
    return n > 0 ? n : n == 0 ? FileCalls.EOF : FileCalls.NOT_OURS;
  }

  static int write(Coroutine me, int fd, long address, int len) {
    int n = Native.tryWrite(fd, address, len);
    if (n == len || (n < 0 && n != -FileCalls.EAGAIN)) {
      return Math.max(n, FileCalls.NOT_OURS);
    }
    int done = Math.max(0, n);
    Wait wait = new Wait(me, fd, me.fileThreads);
    try {
      while (done < len) {
        if (n == -FileCalls.EAGAIN && !wait.until(POLLOUT)) {
          return done > 0 ? done : wait.isOpen() ? FileCalls.NOT_OURS : FileCalls.INTERRUPTED;
        }
        n = Native.tryWrite(fd, address + done, len - done);
        if (n < 0 && n != -FileCalls.EAGAIN) {
          return done; // the next call says why
        }
        done += Math.max(0, n);
      }
      return done;
    } finally {
      wait.end();
    }
  }

  /** Returns as Native.tryReadBytes, but never -EAGAIN. */
  static int readBytes(Coroutine me, int fd, byte[] to, int off, int len) {
    int n = Native.tryReadBytes(fd, to, off, len);
    if (n != -FileCalls.EAGAIN) {
      return n;
    }
    int copy = Native.duplicate(fd); // like the kernel's hold on the file: it outlives a close
    if (copy < 0) {
      return copy;
    }
    Wait wait = new Wait(me, copy, null);
    try {
      do {
        if (!wait.until(POLLIN)) {
          return -1;
        }
        n = Native.tryReadBytes(copy, to, off, len);
      } while (n == -FileCalls.EAGAIN);
      return n;
    } finally {
      wait.end();
      Native.closeDuplicate(copy);
    }
  }

  /** Returns how many bytes were written; fewer than len when the next one fails. */
  static int writeBytes(Coroutine me, int fd, byte[] from, int off, int len) {
    int n = Native.tryWriteBytes(fd, from, off, len);
    if (n == len || (n < 0 && n != -FileCalls.EAGAIN)) {
      return Math.max(0, n);
    }
    int done = Math.max(0, n);
    int copy = Native.duplicate(fd);
    if (copy < 0) {
      return done;
    }
    Wait wait = new Wait(me, copy, null);
    try {
      while (done < len) {
        if (n == -FileCalls.EAGAIN && !wait.until(POLLOUT)) {
          return done;
        }
        n = Native.tryWriteBytes(copy, from, off + done, len - done);
        if (n < 0 && n != -FileCalls.EAGAIN) {
          return done;
        }
        done += Math.max(0, n);
      }
      return done;
    } finally {
      wait.end();
      Native.closeDuplicate(copy);
    }
  }

  /** One call's wait, which no interrupt ends but that of a channel, which closes it. */
  private static final class Wait implements BooleanSupplier {
    private final int fd;
    private final Object threads;
    private final Patience patience;
    private final Object report;

    private Wait(Coroutine me, int fd, Object threads) {
      this.fd = fd;
      this.threads = threads;
      report = Hooks.recording ? Hooks.reports.begin(Kind.PIPE, fd, null) : null;
      patience = new Patience(me);
      if (threads != null) {
        WAITING.put(threads, fd);
      }
    }

    /** False when the channel is being closed, or the descriptor cannot be waited on. */
    private boolean until(int event) {
      try {
        Readiness.poll(fd, event, 0, this);
      } catch (IOException e) {
        return false;
      }
      patience.putInterruptAside();
      return isOpen();
    }

    private boolean isOpen() {
      return threads == null || !CLOSING.containsKey(threads);
    }

    @Override
    public boolean getAsBoolean() {
      return isOpen();
    }

    private void end() {
      if (threads != null) {
        WAITING.remove(threads);
      }
      patience.end();
      if (report != null) {
        Hooks.reports.end(report);
      }
    }
  }
}
