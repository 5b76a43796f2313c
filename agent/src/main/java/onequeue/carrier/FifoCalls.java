package onequeue.carrier;

import java.lang.reflect.Method;
import java.nio.charset.Charset;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * The opening of FIFOs by virtual threads, which waits for the other end: a helper does it. Any
 * other path is left to the JDK.
 */
public final class FifoCalls {
  private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private FifoCalls() {}

  /** Whether it has opened that for a FileOutputStream. */
  public static boolean open(Object stream, String name, boolean append) {
    return open(name, JdkFiles.OUTPUT_OPEN, stream, name, append);
  }

  /** Likewise for a FileInputStream. */
  public static boolean open(Object stream, String name) {
    return open(name, JdkFiles.INPUT_OPEN, stream, name);
  }

  /** Likewise for a RandomAccessFile. */
  public static boolean open(Object file, String name, int mode) {
    return open(name, JdkFiles.RANDOM_OPEN, file, name, mode);
  }

  private static boolean open(String name, Method call, Object target, Object... args) {
    Coroutine me = FileCalls.me();
    if (me == null || name.indexOf('\0') >= 0 || !isFifo(name)) {
      return false;
    }
    open(me, new FileOperation(null, call, target, args));
    return true;
  }

  /** As {@code UnixNativeDispatcher.open}; null leaves it to the JDK. */
  public static Object openPath(Object path, int flags, int mode) {
    Coroutine me = FileCalls.me();
    return me == null || !isFifo(path.toString())
        ? null
        : open(me, new FileOperation(null, JdkFiles.OPEN, null, path, flags, mode));
  }

  private static boolean isFifo(String name) {
    return Native.isFifo(name.getBytes(PATHS));
  }

  private static Object open(Coroutine me, FileOperation operation) {
    return operation.perform(FileHelpers.ENDLESS, Kind.PIPE, me, -1);
  }
}
