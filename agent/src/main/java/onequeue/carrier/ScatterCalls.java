package onequeue.carrier;

import java.io.FileDescriptor;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/**
 * As {@link FileCalls}, on several buffers: {@code address} is that of an array of {@code struct
 * iovec}. Those on pipes are made by helpers.
 */
public final class ScatterCalls {
  /** Bytes of a struct iovec. */
  private static final int IOVEC = 16;

  private static final Unsafe U = Unsafe.getUnsafe();

  private ScatterCalls() {}

  public static long readv(FileDescriptor file, long address, int count) {
    Coroutine me = FileCalls.me();
    if (me == null) {
      return FileCalls.NOT_OURS;
    }
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      return (long) FileCalls.endless(me, fd, JdkFiles.READV, file, address, count);
    }
    if ((how & (FileTable.TRY | FileTable.SLOW_READ)) == 0) {
      return FileCalls.NOT_OURS;
    }
    FileTable.takePosition(fd);
    try {
      return (how & FileTable.TRY) != 0
          ? readOn(me, file, fd, address, count)
          : FileCalls.onDisk(me, DiskCall.READV, file, fd, address, count, FileCalls.POSITION);
    } finally {
      FileTable.releasePosition(fd);
    }
  }

  private static long readOn(Coroutine me, FileDescriptor file, int fd, long address, int count) {
    long n = Native.tryReadv(fd, address, count);
    if (n == -FileCalls.EAGAIN) {
      return FileCalls.rest(0, me, DiskCall.READV, file, fd, address, count);
    }
    if (n <= 0) {
      return n == 0 ? FileCalls.EOF : FileCalls.NOT_OURS;
    }
    long copy = U.allocateMemory((long) count * IOVEC);
    try {
      int left = withoutFirst(n, address, count, copy);
      if (left == 0) {
        return n;
      }
      long more = Native.tryReadv(fd, copy, left);
      if (more == 0) {
        return n;
      }
      if (more > 0) {
        left = withoutFirst(more, copy, left, copy);
        n += more;
      }
      return left == 0 ? n : FileCalls.rest(n, me, DiskCall.READV, file, fd, copy, left);
    } finally {
      U.freeMemory(copy);
    }
  }

  /** Writes to {@code to} the pieces of memory without their first bytes; returns how many. */
  private static int withoutFirst(long bytes, long from, int count, long to) {
    int left = 0;
    for (int i = 0; i < count; i++) {
      long base = U.getAddress(from + (long) i * IOVEC);
      long len = U.getAddress(from + (long) i * IOVEC + 8);
      long skipped = Math.min(bytes, len);
      bytes -= skipped;
      if (len > skipped) {
        U.putAddress(to + (long) left * IOVEC, base + skipped);
        U.putAddress(to + (long) left * IOVEC + 8, len - skipped);
        left++;
      }
    }
    return left;
  }

  public static long writev(FileDescriptor file, long address, int count) {
    Coroutine me = FileCalls.me();
    if (me == null) {
      return FileCalls.NOT_OURS;
    }
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      return (long) FileCalls.endless(me, fd, JdkFiles.WRITEV, file, address, count);
    }
    return (how & FileTable.SLOW_WRITE) == 0
        ? FileCalls.NOT_OURS
        : FileCalls.writeOnDisk(me, DiskCall.WRITEV, file, fd, address, count);
  }
}
