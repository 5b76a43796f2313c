package onequeue.carrier;

import java.io.FileDescriptor;
import java.lang.reflect.Method;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Calls of virtual threads on java.io's streams and RandomAccessFile. As {@link FileCalls}, but for
 * arrays: what a helper reads or writes is a copy, so that only its owner touches the array.
 *
 * <p>What is returned is 0 when the call is not ours.
 */
public final class StreamCalls {
  /** What {@link #readByte} adds to its result, which may be -1. */
  public static final int SHIFT = 2;

  private StreamCalls() {}

  /** A byte, or -1 at the end, and {@link #SHIFT}. */
  public static int readByte(
      Object stream, FileDescriptor file, boolean tracing, String path, boolean random) {
    if (FileCalls.me() == null) {
      return 0;
    }
    byte[] one = new byte[1];
    int n = readBytes(stream, file, tracing, path, random, one, 0, 1);
    return n == 0 ? 0 : SHIFT + (n < 0 ? -1 : one[0] & 0xff);
  }

  /**
   * How many bytes, or -1 at the end.
   *
   * @param tracing whether the JDK's own events may be on
   */
  public static int readBytes(
      Object stream,
      FileDescriptor file,
      boolean tracing,
      String path,
      boolean random,
      byte[] to,
      int off,
      int len) {
    Coroutine me = FileCalls.me();
    if (me == null || file == null || isForTheJdk(to, off, len)) {
      return 0;
    }
    long start = tracing ? FileEvents.READ.begin() : FileEvents.NONE;
    int n = read(me, stream, file, random, to, off, len);
    if (start != FileEvents.NONE && n != 0) {
      FileEvents.READ.end(start, path, n);
    }
    return n;
  }

  private static int read(
      Coroutine me,
      Object stream,
      FileDescriptor file,
      boolean random,
      byte[] to,
      int off,
      int len) {
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      int n = PipeCalls.readBytes(me, fd, to, off, len);
      return n > 0 ? n : n == 0 ? -1 : 0;
    }
    if ((how & (FileTable.TRY | FileTable.SLOW_READ)) == 0) {
      return 0;
    }
    Method call = random ? JdkFiles.RANDOM_READ : JdkFiles.INPUT_READ;
    FileTable.takePosition(fd);
    try {
      return (how & FileTable.TRY) != 0
          ? readOn(me, stream, fd, call, to, off, len)
          : copied(me, stream, fd, call, to, off, len);
    } finally {
      FileTable.releasePosition(fd);
    }
  }

  private static int readOn(
      Coroutine me, Object stream, int fd, Method call, byte[] to, int off, int len) {
    for (int done = 0; ; ) {
      int n = Native.tryReadBytes(fd, to, off + done, len - done);
      if (n == -FileCalls.EAGAIN) {
        return rest(done, me, stream, fd, call, to, off, len);
      }
      if (n <= 0) {
        return done > 0 ? done : n == 0 ? -1 : 0;
      }
      done += n;
      if (done == len) {
        return done;
      }
    }
  }

  private static int rest(
      int done, Coroutine me, Object stream, int fd, Method call, byte[] to, int off, int len) {
    if (done == 0) {
      return copied(me, stream, fd, call, to, off, len);
    }
    try {
      return done + Math.max(0, copied(me, stream, fd, call, to, off + done, len - done));
    } catch (Throwable e) {
      return done; // the next call says it
    }
  }

  private static int copied(
      Coroutine me, Object stream, int fd, Method call, byte[] to, int off, int len) {
    byte[] copy = new byte[len];
    int n = (int) disk(me, fd, call, stream, copy, 0, len);
    if (n > 0) {
      System.arraycopy(copy, 0, to, off, n);
    }
    return n;
  }

  /**
   * Writes bytes that would have to wait.
   *
   * @return how many are written: the JDK writes the rest
   */
  public static int writeBytes(
      Object stream,
      FileDescriptor file,
      boolean tracing,
      String path,
      boolean random,
      byte[] from,
      int off,
      int len) {
    Coroutine me = FileCalls.me();
    if (me == null || file == null || isForTheJdk(from, off, len)) {
      return 0;
    }
    long start = tracing ? FileEvents.WRITE.begin() : FileEvents.NONE;
    int n = write(me, stream, file, random, from, off, len);
    if (start != FileEvents.NONE && n != 0) {
      FileEvents.WRITE.end(start, path, n);
    }
    return n;
  }

  private static int write(
      Coroutine me,
      Object stream,
      FileDescriptor file,
      boolean random,
      byte[] from,
      int off,
      int len) {
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      return PipeCalls.writeBytes(me, fd, from, off, len);
    }
    if ((how & FileTable.SLOW_WRITE) == 0) {
      return 0;
    }
    byte[] copy = new byte[len];
    System.arraycopy(from, off, copy, 0, len);
    FileTable.takePosition(fd); // a channel of the same file may have the ring move it
    try {
      if (random) {
        disk(me, fd, JdkFiles.RANDOM_WRITE, stream, copy, 0, len);
      } else {
        disk(me, fd, JdkFiles.OUTPUT_WRITE, stream, copy, 0, len, false); // O_APPEND says it
      }
    } finally {
      FileTable.releasePosition(fd);
    }
    return len;
  }

  /** Likewise a byte: whether it is written. */
  public static boolean writeByte(
      Object stream, FileDescriptor file, boolean tracing, String path, boolean random, int b) {
    return FileCalls.me() != null
        && writeBytes(stream, file, tracing, path, random, new byte[] {(byte) b}, 0, 1) == 1;
  }

  /** Nothing to do, or arguments that the JDK complains about. */
  private static boolean isForTheJdk(byte[] bytes, int off, int len) {
    return bytes == null || len <= 0 || off < 0 || off > bytes.length - len;
  }

  private static Object disk(Coroutine me, int fd, Method call, Object stream, Object... args) {
    return new HelperCall(call, stream, args).perform(Helpers.DISK, Kind.FILE, me, fd);
  }
}
