package onequeue.carrier;

import java.io.FileDescriptor;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/**
 * What a descriptor of java.io or of a file channel is to a virtual thread: bits of {@code enum
 * oq_file} in queue.h, asked once in the descriptor's life and kept in the native helper's table.
 */
final class FileTable {
  /** The page cache may have what is read. */
  static final int TRY = 2;

  static final int SLOW_READ = 4;
  static final int SLOW_WRITE = 8;

  /** A file or a block device. */
  static final int DISK = 16;

  /** A pipe or FIFO that blocks. */
  static final int PIPE = 32;

  /** Writes, too, are for the ring, which would make others one after another. */
  static final int RING_WRITE = 128;

  private static final int HOW = 28;
  private static final int POSITION = 29;
  private static final long TAKEN_NANOS = 50_000;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FD = U.objectFieldOffset(FileDescriptor.class, "fd");
  private static final long TABLE = Native.table();
  private static final int FDS = Native.tableSize();

  private FileTable() {}

  /** The number of the descriptor, not null; -1 when it is closed. */
  static int fd(FileDescriptor file) {
    return U.getInt(file, FD);
  }

  /** The bits; 0 for what is left to the JDK. */
  static int how(int fd) {
    if (fd < 0 || fd >= FDS) {
      return 0;
    }
    int how = U.getByteVolatile(null, TABLE + (long) fd * Readiness.ENTRY + HOW);
    return how != 0 ? how : Native.fileHow(fd);
  }

  /*
   * The kernel moves a file's position once a call. Ours may be made of two, what the cache has and
   * the rest, and those of the ring have the position looked up before and moved after it. No other
   * virtual thread's call must come in between. (Platform threads have the channel's own lock; one
   * that shares the open file past the channel is not kept out.)
   */
  static void takePosition(int fd) {
    long at = TABLE + (long) fd * Readiness.ENTRY + POSITION;
    while (!U.compareAndSetByte(null, at, (byte) 0, (byte) 1)) {
      if (Thread.currentThread().isInterrupted()) {
        Thread.yield(); // it would not stay parked
      } else {
        LockSupport.parkNanos(TAKEN_NANOS);
      }
    }
  }

  static void releasePosition(int fd) {
    U.putByteVolatile(null, TABLE + (long) fd * Readiness.ENTRY + POSITION, (byte) 0);
  }
}
