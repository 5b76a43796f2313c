package onequeue.carrier;

import java.io.FileDescriptor;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * Virtual threads that copy files: transfers between file channels and to sockets, and {@code
 * Files.copy}. What is short and in the page cache they copy themselves; for the rest a helper
 * makes the JDK's own call. What the advice in the JDK's classes calls; null leaves the call to the
 * JDK.
 */
public final class CopyCalls {
  /** Bytes that are copied in memory in about the time that it takes to have a helper do it. */
  private static final long SHORT = 1 << 16;

  /** Nobody reads what is read to here. */
  private static final long A_BYTE = Unsafe.getUnsafe().allocateMemory(1);

  private CopyCalls() {}

  // ---- arguments and results are those of sun.nio.ch.FileDispatcherImpl ----

  public static Object transferTo(
      FileDescriptor from, long at, long count, FileDescriptor to, boolean append) {
    Coroutine me = FileCalls.me();
    int fd = FileTable.fd(from);
    if (me == null || (FileTable.how(fd) & FileTable.DISK) == 0) {
      return null;
    }
    int target = FileTable.how(FileTable.fd(to));
    boolean toFile = (target & FileTable.DISK) != 0;
    if ((target & FileTable.PIPE) != 0 || ((count <= SHORT || !toFile) && isCached(fd, at))) {
      return null;
    }
    HelperCall call = new HelperCall(JdkFiles.TRANSFER_TO, null, from, at, count, to, append);
    if (toFile) {
      call.in(me.outerChannel);
    }
    return perform(call.in(me.channel), me, fd);
  }

  public static Object transferFrom(
      FileDescriptor from, FileDescriptor to, long at, long count, boolean append) {
    Coroutine me = FileCalls.me();
    int fd = FileTable.fd(from);
    if (me == null || (FileTable.how(fd) & FileTable.DISK) == 0) {
      return null;
    }
    if (count <= SHORT && isCached(fd, Native.seek(fd, FileCalls.POSITION))) {
      return null;
    }
    HelperCall call = new HelperCall(JdkFiles.TRANSFER_FROM, null, from, to, at, count, append);
    return perform(call.in(me.outerChannel).in(me.channel), me, fd);
  }

  // ---- arguments and results are those of sun.nio.fs.UnixFileSystem ----

  public static Object direct(Object files, int to, int from, long cancel) {
    Coroutine me = FileCalls.me();
    return me == null || isShort(from)
        ? null
        : performAll(new HelperCall(JdkFiles.COPY_DIRECT, files, to, from, cancel), me, from);
  }

  /** Whether the JDK's own method need not be called. */
  public static boolean buffered(
      Object files, int to, int from, long buffer, int size, long cancel) {
    Coroutine me = FileCalls.me();
    if (me == null || isShort(from)) {
      return false;
    }
    performAll(
        new HelperCall(JdkFiles.COPY_BUFFERED, files, to, from, buffer, size, cancel), me, from);
    return true;
  }

  private static boolean isShort(int fd) {
    return Native.tryRead(fd, A_BYTE, 1, SHORT) == 0 && isCached(fd, 0);
  }

  /** As far as the first page tells, and the file system; one that does not is taken as memory. */
  private static boolean isCached(int fd, long at) {
    return Native.tryRead(fd, A_BYTE, 1, at) != -FileCalls.EAGAIN;
  }

  private static Object performAll(HelperCall call, Coroutine me, int fd) {
    try {
      return perform(call, me, fd);
    } catch (Throwable e) {
      leaveErrno(e);
      throw e;
    }
  }

  /** The JDK takes the text of the exception from the errno of the thread that asks for it. */
  private static void leaveErrno(Throwable thrown) {
    try {
      Native.setErrno((int) JdkFiles.ERRNO.invoke(thrown));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return; // another exception, which has a text
    }
  }

  private static Object perform(HelperCall call, Coroutine me, int fd) {
    return call.perform(Helpers.DISK, Kind.FILE, me, fd);
  }
}
