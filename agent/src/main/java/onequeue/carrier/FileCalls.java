package onequeue.carrier;

import java.io.FileDescriptor;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Calls of virtual threads on files: what is in the page cache they get at once, for the rest a
 * helper makes the JDK's own call while they are parked. What the advice in the JDK's classes
 * calls.
 *
 * <p>{@link #NOT_OURS} leaves the call to the JDK: that of a platform thread, on a descriptor of
 * another kind, and any that fails, so that the JDK says why. Writes to the page cache are among
 * these: few file systems can be asked whether one would wait.
 */
public final class FileCalls {
  static final int NOT_OURS = 0;

  /** As in the JDK's IOStatus. */
  static final int EOF = -1;

  static final int INTERRUPTED = -3;
  static final int EAGAIN = 11;

  /** As enum oq_file in queue.h. */
  static final int TRY = 2;

  static final int SLOW_READ = 4;
  static final int SLOW_WRITE = 8;
  static final int DISK = 16;
  static final int PIPE = 32;

  private static final int ENTRY = 32;
  private static final int HOW = 28;
  private static final int POSITION = 29;
  private static final int NO_LOCK = -1;
  private static final int IOVEC = 16;
  private static final long TAKEN_NANOS = 50_000;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FD = U.objectFieldOffset(FileDescriptor.class, "fd");
  private static final long TABLE = Native.table();
  private static final int FDS = Native.tableSize();
  private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private static boolean on;

  private FileCalls() {}

  /** Called once, before the first virtual thread is made; throws when this JDK is not as known. */
  public static void start() {
    JdkFiles.check();
    on = true;
  }

  static void describe(StringBuilder text) {
    if (on) {
      FileHelpers.describe(text);
    }
  }

  // ---- channels: arguments and results are those of sun.nio.ch.FileDispatcher ----

  public static int read(FileDescriptor file, long address, int len) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    int how = me == null ? 0 : how(fd);
    if ((how & TRY) != 0) {
      takePosition(fd);
      try {
        return readOn(me, file, fd, address, len);
      } finally {
        releasePosition(fd);
      }
    }
    if ((how & PIPE) != 0) {
      return PipeCalls.read(me, fd, address, len);
    }
    return (how & SLOW_READ) == 0
        ? NOT_OURS
        : (int) disk(me, fd, JdkFiles.READ, null, file, address, len);
  }

  private static int readOn(Coroutine me, FileDescriptor file, int fd, long address, int len) {
    for (int done = 0; ; ) {
      int n = Native.tryRead(fd, address + done, len - done, -1);
      if (n == -EAGAIN) {
        return (int) rest(done, me, fd, JdkFiles.READ, file, address + done, len - done);
      }
      if (n <= 0) {
        return done > 0 ? done : n == 0 ? EOF : NOT_OURS;
      }
      done += n;
      if (done == len) {
        return done;
      }
    }
  }

  /** The call goes on where the page cache had no more. As in the kernel, what was read counts. */
  private static long rest(
      long done, Coroutine me, int fd, Method call, FileDescriptor file, long address, int len) {
    if (done == 0) {
      return number(disk(me, fd, call, null, file, address, len));
    }
    try {
      return done + Math.max(0, number(disk(me, fd, call, null, file, address, len)));
    } catch (Throwable e) {
      return done; // the next call says it
    }
  }

  public static int pread(FileDescriptor file, long address, int len, long at) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    int how = me == null || at < 0 ? 0 : how(fd);
    if ((how & TRY) != 0) {
      int n = Native.tryRead(fd, address, len, at);
      if (n == len) {
        return n;
      }
      int more = n > 0 ? Native.tryRead(fd, address + n, len - n, at + n) : n;
      if (more == 0) {
        return n == 0 ? EOF : n;
      }
      if (n < 0 && n != -EAGAIN) {
        return NOT_OURS;
      }
    } else if ((how & SLOW_READ) == 0) {
      return NOT_OURS;
    }
    return (int) disk(me, fd, JdkFiles.PREAD, null, file, address, len, at);
  }

  public static long readv(FileDescriptor file, long address, int count) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    int how = me == null ? 0 : how(fd);
    if ((how & TRY) != 0) {
      takePosition(fd);
      try {
        return readvOn(me, file, fd, address, count);
      } finally {
        releasePosition(fd);
      }
    }
    if ((how & PIPE) != 0) {
      return (long) endless(me, fd, JdkFiles.READV, null, file, address, count);
    }
    return (how & SLOW_READ) == 0
        ? NOT_OURS
        : (long) disk(me, fd, JdkFiles.READV, null, file, address, count);
  }

  private static long readvOn(Coroutine me, FileDescriptor file, int fd, long address, int count) {
    long n = Native.tryReadv(fd, address, count);
    if (n == -EAGAIN) {
      return rest(0, me, fd, JdkFiles.READV, file, address, count);
    }
    if (n <= 0) {
      return n == 0 ? EOF : NOT_OURS;
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
      return left == 0 ? n : rest(n, me, fd, JdkFiles.READV, file, copy, left);
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

  public static int write(FileDescriptor file, long address, int len) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    int how = me == null ? 0 : how(fd);
    if ((how & PIPE) != 0) {
      return PipeCalls.write(me, fd, address, len);
    }
    return (how & SLOW_WRITE) == 0
        ? NOT_OURS
        : (int) disk(me, fd, JdkFiles.WRITE, null, file, address, len);
  }

  public static int pwrite(FileDescriptor file, long address, int len, long at) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    return me == null || (how(fd) & SLOW_WRITE) == 0
        ? NOT_OURS
        : (int) disk(me, fd, JdkFiles.PWRITE, null, file, address, len, at);
  }

  public static long writev(FileDescriptor file, long address, int count) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    int how = me == null ? 0 : how(fd);
    if ((how & PIPE) != 0) {
      return (long) endless(me, fd, JdkFiles.WRITEV, null, file, address, count);
    }
    return (how & SLOW_WRITE) == 0
        ? NOT_OURS
        : (long) disk(me, fd, JdkFiles.WRITEV, null, file, address, count);
  }

  /** Null leaves it to the JDK. */
  public static Object force(FileDescriptor file, boolean metaData) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    return me == null || (how(fd) & DISK) == 0
        ? null
        : disk(me, fd, JdkFiles.FORCE, null, file, metaData);
  }

  /** The lock is another process's: waits for it. */
  public static Object lock(FileDescriptor file, long at, long size, boolean shared) {
    Coroutine me = me();
    if (me == null) {
      return null;
    }
    Object atOnce =
        new FileOperation(null, JdkFiles.LOCK, null, file, false, at, size, shared).perform();
    return (int) atOnce != NO_LOCK
        ? atOnce
        : endless(me, U.getInt(file, FD), JdkFiles.LOCK, null, file, true, at, size, shared);
  }

  /** Whether the JDK's own sync need not be called. */
  public static boolean sync(FileDescriptor file) {
    Coroutine me = me();
    int fd = U.getInt(file, FD);
    if (me == null || (how(fd) & DISK) == 0) {
      return false;
    }
    perform(FileHelpers.DISK, Kind.FILE, me, fd, null, JdkFiles.SYNC, file);
    return true;
  }

  // ---- who closes a channel ----

  /** The calling thread enters the set of those who use a channel. */
  public static void joins(Object threads) {
    Coroutine me = me();
    if (me != null) {
      me.fileThreads = threads;
    }
  }

  // ---- opening ----

  /** Opens a FIFO, which waits for the other end; false for any other path. */
  public static boolean open(Object stream, String name, boolean append) {
    return opens(name, JdkFiles.OUTPUT_OPEN, stream, name, append);
  }

  /** Likewise. */
  public static boolean open(Object stream, String name) {
    return opens(name, JdkFiles.INPUT_OPEN, stream, name);
  }

  /** Likewise. */
  public static boolean open(Object file, String name, int mode) {
    return opens(name, JdkFiles.RANDOM_OPEN, file, name, mode);
  }

  private static boolean opens(String name, Method call, Object target, Object... args) {
    Coroutine me = me();
    if (me == null || name.indexOf('\0') >= 0 || !Native.isFifo(name.getBytes(PATHS))) {
      return false;
    }
    perform(FileHelpers.ENDLESS, Kind.PIPE, me, -1, null, call, target, args);
    return true;
  }

  /** As {@code UnixNativeDispatcher.open}; null leaves it to the JDK. */
  public static Object openPath(Object path, int flags, int mode) {
    Coroutine me = me();
    if (me == null || !Native.isFifo(path.toString().getBytes(PATHS))) {
      return null;
    }
    return perform(
        FileHelpers.ENDLESS, Kind.PIPE, me, -1, null, JdkFiles.OPEN, null, path, flags, mode);
  }

  // ---- shared with streams and pipes ----

  /** What we know of the calling thread, or null: then the call is not ours. */
  static Coroutine me() {
    return VirtualThreads.coroutine(Thread.currentThread());
  }

  /** Bits of enum oq_file. */
  static int how(int fd) {
    if (fd < 0 || fd >= FDS) {
      return 0;
    }
    int how = U.getByteVolatile(null, TABLE + (long) fd * ENTRY + HOW);
    return how != 0 ? how : Native.fileHow(fd);
  }

  /*
   * The kernel moves a file's position once a read. Ours may be made of two calls, what the cache
   * has and the rest, and no other virtual thread's read must come in between.
   */
  static void takePosition(int fd) {
    long at = TABLE + (long) fd * ENTRY + POSITION;
    while (!U.compareAndSetByte(null, at, (byte) 0, (byte) 1)) {
      if (Thread.currentThread().isInterrupted()) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(TAKEN_NANOS);
      }
    }
  }

  static void releasePosition(int fd) {
    U.putByteVolatile(null, TABLE + (long) fd * ENTRY + POSITION, (byte) 0);
  }

  private static Object disk(Coroutine me, int fd, Method call, Object target, Object... args) {
    return perform(FileHelpers.DISK, Kind.FILE, me, fd, me.fileThreads, call, target, args);
  }

  private static Object endless(Coroutine me, int fd, Method call, Object target, Object... args) {
    return perform(FileHelpers.ENDLESS, Kind.FILE, me, fd, me.fileThreads, call, target, args);
  }

  static Object perform(
      FileHelpers helpers,
      Kind kind,
      Coroutine me,
      int fd,
      Object threads,
      Method call,
      Object target,
      Object... args) {
    Object wait = Hooks.recording ? Hooks.reports.begin(kind, fd) : null;
    try {
      return new FileOperation(threads, call, target, args).perform(helpers, me);
    } finally {
      if (wait != null) {
        Hooks.reports.end(wait);
      }
    }
  }

  private static long number(Object result) {
    return ((Number) result).longValue();
  }
}
