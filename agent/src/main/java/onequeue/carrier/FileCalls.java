package onequeue.carrier;

import java.io.FileDescriptor;
import java.lang.reflect.Method;
import java.util.List;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Calls of virtual threads on file channels: what is in the page cache they get at once, for the
 * rest the kernel ({@link FileRing}) or, where it cannot, a helper makes the call while they are
 * parked. What the advice in the JDK's classes calls; {@link ScatterCalls} has those on several
 * buffers.
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

  /** The file's position, which moves on. Held by {@link FileTable#takePosition} meanwhile. */
  static final long POSITION = -1;

  private static final int NO_LOCK = -1;

  private static volatile boolean on;

  private FileCalls() {}

  /**
   * Called once, before the advice is woven; throws when this JDK is not as known. What a call
   * needs is initialised here: in a call it could be in the way of class loading.
   *
   * @param ring whether the kernel may be asked to make calls by itself
   */
  public static void prepare(boolean ring) throws ReflectiveOperationException {
    for (Class<?> type :
        List.of(
            JdkFiles.class,
            FileTable.class,
            DiskCall.class,
            FileRing.class,
            Helpers.class,
            ScatterCalls.class,
            CopyCalls.class,
            StreamCalls.class,
            PipeCalls.class,
            ChannelWait.class)) {
      Class.forName(type.getName(), true, null);
    }
    if (!ring) {
      FileRing.leaveAlone();
    }
  }

  /** Called once, when the advice is woven. */
  public static void start() {
    on = true;
  }

  /** Lines for {@link Report}. */
  static void describe(StringBuilder text) {
    text.append("carriers\tfiles\t").append(on ? "by helpers" : "as without us").append('\n');
    if (on) {
      FileRing.describe(text);
    }
  }

  // ---- arguments and results are those of sun.nio.ch.FileDispatcher ----

  public static int read(FileDescriptor file, long address, int len) {
    Coroutine me = me();
    if (me == null) {
      return NOT_OURS;
    }
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      return PipeCalls.read(me, fd, address, len);
    }
    if ((how & (FileTable.TRY | FileTable.SLOW_READ)) == 0) {
      return NOT_OURS;
    }
    FileTable.takePosition(fd);
    try {
      return (how & FileTable.TRY) != 0
          ? readOn(me, file, fd, address, len)
          : (int) onDisk(me, DiskCall.READ, file, fd, address, len, POSITION);
    } finally {
      FileTable.releasePosition(fd);
    }
  }

  private static int readOn(Coroutine me, FileDescriptor file, int fd, long address, int len) {
    for (int done = 0; ; ) {
      int n = Native.tryRead(fd, address + done, len - done, -1);
      if (n == -EAGAIN) {
        return (int) rest(done, me, DiskCall.READ, file, fd, address + done, len - done);
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
  static long rest(
      long done,
      Coroutine me,
      DiskCall call,
      FileDescriptor file,
      int fd,
      long address,
      int count) {
    try {
      long n = onDisk(me, call, file, fd, address, count, POSITION);
      return done == 0 ? n : done + Math.max(0, n);
    } catch (Throwable e) {
      if (done == 0) {
        throw e;
      }
      return done; // the next call says it
    }
  }

  public static int pread(FileDescriptor file, long address, int len, long at) {
    Coroutine me = me();
    if (me == null || at < 0) {
      return NOT_OURS;
    }
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.TRY) != 0) {
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
    } else if ((how & FileTable.SLOW_READ) == 0) {
      return NOT_OURS;
    }
    return (int) onDisk(me, DiskCall.READ, file, fd, address, len, at);
  }

  public static int write(FileDescriptor file, long address, int len) {
    Coroutine me = me();
    if (me == null) {
      return NOT_OURS;
    }
    int fd = FileTable.fd(file);
    int how = FileTable.how(fd);
    if ((how & FileTable.PIPE) != 0) {
      return PipeCalls.write(me, fd, address, len);
    }
    return (how & FileTable.SLOW_WRITE) == 0
        ? NOT_OURS
        : (int) writeOnDisk(me, DiskCall.WRITE, file, fd, address, len);
  }

  static long writeOnDisk(
      Coroutine me, DiskCall call, FileDescriptor file, int fd, long address, int count) {
    FileTable.takePosition(fd);
    try {
      return onDisk(me, call, file, fd, address, count, POSITION);
    } finally {
      FileTable.releasePosition(fd);
    }
  }

  public static int pwrite(FileDescriptor file, long address, int len, long at) {
    Coroutine me = me();
    if (me == null || at < 0) {
      return NOT_OURS;
    }
    int fd = FileTable.fd(file);
    return (FileTable.how(fd) & FileTable.SLOW_WRITE) == 0
        ? NOT_OURS
        : (int) onDisk(me, DiskCall.WRITE, file, fd, address, len, at);
  }

  /** Null leaves it to the JDK. */
  public static Object force(FileDescriptor file, boolean metaData) {
    Coroutine me = me();
    if (me == null) {
      return null;
    }
    int fd = FileTable.fd(file);
    if ((FileTable.how(fd) & FileTable.DISK) == 0) {
      return null;
    }
    int what = metaData ? FileRing.SYNC : FileRing.DATA_SYNC;
    return FileRing.perform(me, what, fd, 0, 0, 0) == 0
        ? (Object) 0
        : byHelper(me, fd, JdkFiles.FORCE, file, metaData);
  }

  /** Waits for a lock that another process has; null leaves it to the JDK. */
  public static Object lock(FileDescriptor file, long at, long size, boolean shared) {
    Coroutine me = me();
    if (me == null) {
      return null;
    }
    Object atOnce = new HelperCall(JdkFiles.LOCK, null, file, false, at, size, shared).perform();
    return (int) atOnce != NO_LOCK
        ? atOnce
        : endless(me, FileTable.fd(file), JdkFiles.LOCK, file, true, at, size, shared);
  }

  /** Whether the JDK's own sync need not be called. */
  public static boolean sync(FileDescriptor file) {
    Coroutine me = me();
    if (me == null) {
      return false;
    }
    int fd = FileTable.fd(file);
    if ((FileTable.how(fd) & FileTable.DISK) == 0) {
      return false;
    }
    if (FileRing.perform(me, FileRing.SYNC, fd, 0, 0, 0) != 0) {
      new HelperCall(JdkFiles.SYNC, file).perform(Helpers.DISK, Kind.FILE, me, fd);
    }
    return true;
  }

  /** The calling thread enters the set of those who use a channel. */
  public static void joins(Object threads) {
    Coroutine me = me();
    if (me != null) {
      me.outerChannel = me.channel;
      me.channel = threads;
    }
  }

  // ---- shared with the other calls ----

  /** What we know of the calling thread, or null: then the call is not ours. */
  static Coroutine me() {
    return VirtualThreads.coroutine(Thread.currentThread());
  }

  /**
   * A call in a channel that the disk ends. What the ring cannot do, or failed at, a helper does:
   * it may find that the JDK's own call fails, and how.
   */
  static long onDisk(
      Coroutine me, DiskCall call, FileDescriptor file, int fd, long address, int count, long at) {
    int n = byRing(me, call, fd, address, count, at);
    if (n >= 0) {
      return n == 0 && call.reads() ? EOF : n;
    }
    Object result =
        at == POSITION
            ? byHelper(me, fd, call.atPosition, file, address, count)
            : byHelper(me, fd, call.atPlace, file, address, count, at);
    return ((Number) result).longValue();
  }

  /** Likewise, what the system call would have returned, or -errno. */
  private static int byRing(Coroutine me, DiskCall call, int fd, long address, int count, long at) {
    if (!call.reads() && (FileTable.how(fd) & FileTable.RING_WRITE) == 0) {
      return -EAGAIN;
    }
    if (at != POSITION) {
      return FileRing.perform(me, call.ordinal(), fd, address, count, at);
    }
    // The kernel would begin at the position, but not always move it on.
    long from = Native.seek(fd, POSITION);
    if (from < 0) {
      return -EAGAIN;
    }
    int n = FileRing.perform(me, call.ordinal(), fd, address, count, from);
    if (n > 0) {
      Native.seek(fd, from + n);
    }
    return n;
  }

  private static Object byHelper(Coroutine me, int fd, Method call, Object... args) {
    return new HelperCall(call, null, args).in(me.channel).perform(Helpers.DISK, Kind.FILE, me, fd);
  }

  /** Likewise, one that ends when somebody else does something. */
  static Object endless(Coroutine me, int fd, Method call, Object... args) {
    return new HelperCall(call, null, args)
        .in(me.channel)
        .perform(Helpers.ENDLESS, Kind.FILE, me, fd);
  }
}
