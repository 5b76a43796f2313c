package onequeue.event;

import java.nio.charset.Charset;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;
import onequeue.queue.Outcome;

/**
 * The waits of virtual threads, which never reach the native helper: advice in the JDK's classes
 * calls {@link #begin} and {@link #end} on the thread, and {@link #woken} where it is unparked.
 * Only while a recording runs.
 *
 * <p>Of nested waits (a read parks) the outermost is reported. Nothing here may throw.
 */
public final class VirtualWaits {
  private static final Charset PATHS = Charset.defaultCharset();
  private static final ConcurrentMap<Thread, Wait> WAITS = new ConcurrentHashMap<>();
  private static final ConcurrentMap<Thread, Boolean> IDLE = new ConcurrentHashMap<>();

  private VirtualWaits() {}

  /** One wait under way. Read and written by its thread; those who end it write the last three. */
  private static final class Wait {
    private final WaitEvent event;
    private final long startNanos = System.nanoTime();
    private boolean parked;
    private volatile Thread waker;
    private volatile long wokenNanos;
    private volatile Outcome outcome = Outcome.SPURIOUS;

    private Wait(WaitEvent event) {
      this.event = event;
    }

    private void ended(Outcome how, Thread by) {
      if (outcome == Outcome.SPURIOUS) {
        waker = by;
        wokenNanos = System.nanoTime();
        outcome = how;
      }
    }
  }

  /** A park, or the wait for work of a pool's thread. Null when there is nothing to end. */
  public static Object park(long timeoutNanos) {
    Kind kind = IDLE.containsKey(Thread.currentThread()) ? Kind.IDLE : Kind.PARK;
    return begin(kind, -1, null, timeoutNanos);
  }

  public static Object sleep(long nanos) {
    return begin(Kind.SLEEP, -1, null, nanos);
  }

  public static Object select(int descriptor, long nanos) {
    return begin(Kind.SELECT, descriptor, null, nanos == 0 ? -1 : nanos);
  }

  /**
   * @param events POLLIN or POLLOUT
   * @param nanos 0 for without end
   */
  public static Object poll(int descriptor, int events, long nanos) {
    Kind kind = Kind.values()[Native.kindOf(descriptor, events)];
    return begin(kind, descriptor, null, nanos == 0 ? -1 : nanos);
  }

  /**
   * {@code Object.wait}. Of a thread that let go of its carrier meanwhile the VM's own event has no
   * length: it begins when the thread is back.
   */
  public static Object monitor(Object monitor, long millis) {
    return isWithinAnother()
        ? null
        : begin(
            new MonitorWaitEvent(),
            -1,
            monitor.getClass().getName(),
            millis == 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** A wait for a file change: its parks count as that one wait. */
  static Object watch() {
    return begin(Kind.WATCH, -1, null, -1);
  }

  static void watched(Object began, String resource, long timeoutNanos) {
    Wait wait = (Wait) began;
    Outcome inner = wait.outcome;
    wait.event.end();
    if (wait.parked && wait.event.shouldCommit()) {
      wait.event.timeout = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos;
      wait.event.resource = resource;
      wait.outcome = resource.isEmpty() ? inner : Outcome.READY;
      finish(wait, outcome(wait, Thread.currentThread().isInterrupted()));
    }
    WAITS.remove(Thread.currentThread());
  }

  /**
   * The calling thread begins to wait.
   *
   * @param resource what it waits for, if there is no descriptor; or null
   * @param timeoutNanos -1 for without end
   * @return null when there is nothing to end
   */
  static Object begin(Kind kind, int descriptor, String resource, long timeoutNanos) {
    if (isWithinAnother()) {
      return null;
    }
    return begin(Recorder.create(kind), descriptor, resource, timeoutNanos);
  }

  /** Whether what the thread waits for now is reported otherwise, or not to be. */
  static boolean isWaiting(Thread thread) {
    return WAITS.containsKey(thread) || Hooks.UNREPORTED.contains(thread);
  }

  private static boolean isWithinAnother() {
    Thread me = Thread.currentThread();
    Wait outer = WAITS.get(me);
    if (outer != null) {
      outer.parked = true;
    }
    return outer != null || Hooks.UNREPORTED.contains(me);
  }

  private static Object begin(WaitEvent event, int descriptor, String resource, long timeoutNanos) {
    if (!event.isEnabled()) {
      return null;
    }
    event.descriptor = descriptor;
    event.resource = resource == null ? "" : resource;
    event.timeout = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos;
    return begin(event);
  }

  /** A wait that is enabled and has all it needs; not in another one. */
  static Object begin(WaitEvent event) {
    Wait wait = new Wait(event);
    WAITS.put(Thread.currentThread(), wait);
    event.begin();
    return wait;
  }

  /**
   * @param began what begin gave, not null
   * @param interrupted whether the wait ended with an exception that says so
   */
  public static void end(Object began, boolean interrupted) {
    Wait wait = (Wait) began;
    Thread thread = Thread.currentThread();
    try {
      wait.event.end();
      if (wait.event.shouldCommit()) {
        commit(wait, outcome(wait, interrupted || thread.isInterrupted()));
      }
    } finally {
      WAITS.remove(thread); // last: what an event waits for is no wait of the program
    }
  }

  /** Ends a wait whose outcome is known to who waited. */
  static void endOuter(Object began, Outcome outcome) {
    WaitEvent event = ((Wait) began).event;
    try {
      event.end();
      if (event.shouldCommit()) {
        Recorder.finish(event, outcome, null, -1, 1);
      }
    } finally {
      WAITS.remove(Thread.currentThread());
    }
  }

  private static void commit(Wait wait, Outcome outcome) {
    WaitEvent event = wait.event;
    if (event.descriptor >= 0) {
      event.resource = new String(Native.describe(event.descriptor), PATHS);
    }
    finish(wait, outcome);
  }

  private static void finish(Wait wait, Outcome outcome) {
    long delay = wait.waker == null ? -1 : System.nanoTime() - wait.wokenNanos;
    Recorder.finish(wait.event, outcome, wait.waker, delay, 1);
  }

  private static Outcome outcome(Wait wait, boolean interrupted) {
    if (wait.event instanceof LookupEvent) {
      return Outcome.READY; // nothing but the answer ends it
    }
    if (interrupted) {
      return Outcome.INTERRUPTED;
    }
    boolean over = System.nanoTime() - wait.startNanos >= wait.event.timeout;
    if (wait.event instanceof MonitorWaitEvent) {
      return over ? Outcome.TIMED_OUT : Outcome.READY;
    }
    if (wait.event instanceof SleepEvent || (over && wait.outcome == Outcome.SPURIOUS)) {
      return Outcome.TIMED_OUT;
    }
    return wait.outcome;
  }

  /**
   * Somebody unparks the virtual thread.
   *
   * @param byTimer whether its own time is over
   */
  public static void woken(Thread thread, boolean byTimer) {
    Wait wait = WAITS.get(thread);
    if (wait == null || byTimer) {
      return;
    }
    if (thread.isInterrupted()) {
      wait.ended(Outcome.INTERRUPTED, Thread.currentThread());
    } else if (wait.event.descriptor >= 0 || wait.event instanceof LookupEvent) {
      wait.ended(Outcome.READY, null); // by the kernel; a close has said so before
    } else {
      wait.ended(Outcome.UNPARKED, Thread.currentThread());
    }
  }

  /** What the virtual thread waits for has come, by the kernel or a helper of ours. */
  static void ready(Thread thread) {
    Wait wait = WAITS.get(thread);
    if (wait != null) {
      wait.ended(Outcome.READY, null);
    }
  }

  /** Somebody closes or shuts down the descriptor. */
  public static void stopped(int descriptor) {
    ended(descriptor, Outcome.CLOSED);
  }

  /** Somebody wakes up the selector that has the descriptor. */
  public static void selectorWoken(int descriptor) {
    ended(descriptor, Outcome.READY);
  }

  private static void ended(int descriptor, Outcome outcome) {
    for (Wait wait : WAITS.values()) {
      if (wait.event.descriptor == descriptor) {
        wait.ended(outcome, Thread.currentThread());
      }
    }
  }

  static void idle() {
    IDLE.put(Thread.currentThread(), true);
  }

  static void busy() {
    IDLE.remove(Thread.currentThread());
  }
}
