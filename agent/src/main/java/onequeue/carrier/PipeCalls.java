package onequeue.carrier;

import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Reads and writes of virtual threads on pipes and FIFOs behind java.io and file channels: they
 * wait for readiness, like sockets. A blocking write writes all.
 */
public final class PipeCalls {
  private PipeCalls() {}

  static int read(Coroutine me, int fd, long address, int len) {
    int n = Native.tryRead(fd, address, len, -1);
    if (n == -FileCalls.EAGAIN) {
      ChannelWait wait = new ChannelWait(me, Kind.PIPE, fd, me.channel, null);
      try {
        do {
          if (!wait.until(ChannelWait.POLLIN)) {
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
    ChannelWait wait = new ChannelWait(me, Kind.PIPE, fd, me.channel, null);
    try {
      while (done < len) {
        if (n == -FileCalls.EAGAIN && !wait.until(ChannelWait.POLLOUT)) {
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
    ChannelWait wait = new ChannelWait(me, Kind.PIPE, copy, null, null);
    try {
      do {
        if (!wait.until(ChannelWait.POLLIN)) {
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
    ChannelWait wait = new ChannelWait(me, Kind.PIPE, copy, null, null);
    try {
      while (done < len) {
        if (n == -FileCalls.EAGAIN && !wait.until(ChannelWait.POLLOUT)) {
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
}
