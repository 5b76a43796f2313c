package onequeue.event;

import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Virtual threads that wait for a monitor. The VM leaves no event when such a thread lets go of its
 * carrier, and no Java code runs in it before it has the monitor: so its carriers tell, the one
 * that unmounts it and the one that mounts it again.
 */
public final class MonitorEnters {
  /** As in VirtualThread. */
  private static final int BLOCKING = 12;

  private static final int UNBLOCKED = 14;

  private static final ConcurrentMap<Thread, MonitorEnterEvent> BLOCKED = new ConcurrentHashMap<>();
  private static final Method STACK = stackOfContinuation();

  private MonitorEnters() {}

  /** What began in a recording that has ended since. */
  static void forget() {
    BLOCKED.clear();
  }

  /** Unmounted, and nobody can run it yet. */
  public static void unmounted(Thread thread, int state) {
    if (state != BLOCKING || VirtualWaits.isWaiting(thread)) {
      return; // to get back what Object.wait gave away belongs to that wait
    }
    MonitorEnterEvent event = new MonitorEnterEvent();
    if (event.isEnabled()) {
      event.begin();
      BLOCKED.put(thread, event);
    }
  }

  /** About to be mounted. */
  public static void mounts(Thread thread, int state, Object continuation)
      throws ReflectiveOperationException {
    MonitorEnterEvent event = state == UNBLOCKED ? BLOCKED.remove(thread) : null;
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      event.virtualThread = thread;
      event.stack = CarrierReports.text((StackTraceElement[]) STACK.invoke(continuation));
      event.commit();
    }
  }

  /** Null where there are no virtual threads. */
  private static Method stackOfContinuation() {
    try {
      return Class.forName("jdk.internal.vm.Continuation").getMethod("getStackTrace");
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
