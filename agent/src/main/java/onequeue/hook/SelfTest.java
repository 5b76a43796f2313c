package onequeue.hook;

import java.io.FileDescriptor;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import onequeue.queue.Native;

/** Calls a hooked native once, the way a program would, so that its counter can show that it is. */
final class SelfTest {
  private static final Set<Seam> MAKERS =
      Set.of(Seam.SOCKET, Seam.SOCKET_UNIX, Seam.EPOLL_CREATE, Seam.PIPE);

  private SelfTest() {}

  static void call(Seam seam, Class<?> type, Seam.Site site, FileDescriptor none) {
    switch (seam) {
      case PARK -> LockSupport.parkNanos(1);
      case UNPARK -> LockSupport.unpark(Thread.currentThread());
      case INTERRUPT -> {
        Thread.currentThread().interrupt();
        Thread.interrupted();
      }
      case SLEEP -> sleep();
      default ->
          Native.callOnce(
              type,
              site.className(),
              site.method(),
              site.descriptor(),
              none,
              MAKERS.contains(seam));
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
