package onequeue.carrier;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.reflect.Method;

/**
 * The JDK's own methods at the bottom of file I/O, for those who make a call in place of another
 * thread. Its packages are open to us by then. That this class cannot be initialised says what a
 * JDK has not.
 */
final class JdkFiles {
  static final Method READ = dispatcher("read0", long.class, int.class);
  static final Method READV = dispatcher("readv0", long.class, int.class);
  static final Method PREAD = dispatcher("pread0", long.class, int.class, long.class);
  static final Method WRITE = dispatcher("write0", long.class, int.class);
  static final Method WRITEV = dispatcher("writev0", long.class, int.class);
  static final Method PWRITE = dispatcher("pwrite0", long.class, int.class, long.class);
  static final Method FORCE = dispatcher("force0", boolean.class);
  static final Method LOCK =
      dispatcher("lock0", boolean.class, long.class, long.class, boolean.class);

  static final Method TRANSFER_TO =
      Jdk.method(
          Jdk.type("sun.nio.ch.FileDispatcherImpl"),
          "transferTo0",
          FileDescriptor.class,
          long.class,
          long.class,
          FileDescriptor.class,
          boolean.class);
  static final Method TRANSFER_FROM =
      Jdk.method(
          Jdk.type("sun.nio.ch.FileDispatcherImpl"),
          "transferFrom0",
          FileDescriptor.class,
          FileDescriptor.class,
          long.class,
          long.class,
          boolean.class);

  static final Method COPY_DIRECT =
      Jdk.method(
          Jdk.type("sun.nio.fs.LinuxFileSystem"), "directCopy", int.class, int.class, long.class);
  static final Method COPY_BUFFERED =
      Jdk.method(
          Jdk.type("sun.nio.fs.UnixFileSystem"),
          "bufferedCopy",
          int.class,
          int.class,
          long.class,
          int.class,
          long.class);

  /** Of the exception that these two throw. */
  static final Method ERRNO = Jdk.method(Jdk.type("sun.nio.fs.UnixException"), "errno");

  static final Method JOIN = Jdk.method(Jdk.type("sun.nio.ch.NativeThreadSet"), "add");
  static final Method LEAVE =
      Jdk.method(Jdk.type("sun.nio.ch.NativeThreadSet"), "remove", int.class);

  static final Method SYNC = Jdk.method(FileDescriptor.class, "sync0");
  static final Method INPUT_READ = bytes(FileInputStream.class, "readBytes");
  static final Method RANDOM_READ = bytes(RandomAccessFile.class, "readBytes0");
  static final Method RANDOM_WRITE = bytes(RandomAccessFile.class, "writeBytes0");
  static final Method OUTPUT_WRITE =
      Jdk.method(
          FileOutputStream.class, "writeBytes", byte[].class, int.class, int.class, boolean.class);

  private JdkFiles() {}

  private static Method dispatcher(String name, Class<?>... parameters) {
    Class<?>[] all = new Class<?>[parameters.length + 1];
    all[0] = FileDescriptor.class;
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    return Jdk.method(Jdk.type("sun.nio.ch.UnixFileDispatcherImpl"), name, all);
  }

  private static Method bytes(Class<?> type, String name) {
    return Jdk.method(type, name, byte[].class, int.class, int.class);
  }
}
