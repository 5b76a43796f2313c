package onequeue.carrier;

import java.lang.reflect.Method;

/**
 * A call in a file channel that the disk ends: its ordinal is what the ring knows it by, {@code
 * enum oq_ring_what} in queue.h; its methods are the JDK's own.
 */
enum DiskCall {
  READ(JdkFiles.READ, JdkFiles.PREAD),
  READV(JdkFiles.READV, null),
  WRITE(JdkFiles.WRITE, JdkFiles.PWRITE),
  WRITEV(JdkFiles.WRITEV, null);

  final Method atPosition;

  /** At a given place, or null. */
  final Method atPlace;

  DiskCall(Method atPosition, Method atPlace) {
    this.atPosition = atPosition;
    this.atPlace = atPlace;
  }

  boolean reads() {
    return this == READ || this == READV;
  }
}
