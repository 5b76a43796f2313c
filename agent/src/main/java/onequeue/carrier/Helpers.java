package onequeue.carrier;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/**
 * Kernel threads that wait in calls for which there is no readiness, so that carriers need not.
 * They start when needed, up to a number, and end when they have had nothing to do for some
 * seconds.
 */
final class Helpers {
  /** For calls that the disk ends: when all helpers have one, the next calls queue up. */
  static final Helpers DISK = new Helpers("file", 64, true);

  /**
   * For calls that end when somebody else does something: one more is refused when all helpers have
   * one, as it may be the one that the others wait for.
   */
  static final Helpers ENDLESS = new Helpers("file", 1024, false);

  /** For calls that a name server ends: one that is slow must not keep files waiting. */
  static final Helpers NAMES = new Helpers("lookup", 64, true);

  private static final long LINGER_NANOS = 5_000_000_000L;
  private static final long DEFAULT_STACK = 0;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long LOCKED = U.objectFieldOffset(Helpers.class, "locked");

  private static final AtomicInteger STARTED = new AtomicInteger();

  private final String work;
  private final int most;
  private final boolean queueing;
  private final ArrayDeque<HelperCall> queue = new ArrayDeque<>();
  private final ArrayDeque<Helper> idle;
  private final AtomicLong calls = new AtomicLong();
  private int count;
  private volatile int locked;

  private Helpers(String work, int most, boolean queueing) {
    this.work = work;
    this.most = most;
    this.queueing = queueing;
    idle = new ArrayDeque<>(most); // never grows: a helper must not fail for want of memory
  }

  /** How many file operations were given to helpers so far. */
  static long fileOperations() {
    return DISK.calls.get() + ENDLESS.calls.get();
  }

  /** Lines for {@link Report}. */
  static void describe(StringBuilder text) {
    describe(text, "file operations by helpers", fileOperations());
    describe(text, "file helpers", DISK.count + ENDLESS.count);
    describe(text, "name lookups", NAMES.calls.get());
    describe(text, "lookup helpers", NAMES.count);
  }

  private static void describe(StringBuilder text, String name, long figure) {
    text.append("carriers\t").append(name).append('\t').append(figure).append('\n');
  }

  /** Has a helper run it; false when there is none. Any thread. */
  boolean submit(HelperCall call) {
    calls.incrementAndGet();
    Helper helper;
    lock();
    try {
      helper = idle.pollLast(); // its memory is warm, and the others can end
      if (helper == null && count == most) {
        return queueing && queue.add(call);
      }
      if (helper == null) {
        count++;
      }
    } finally {
      unlock();
    }
    return helper != null ? helper.give(call) : start(call);
  }

  private boolean start(HelperCall call) {
    try {
      new Helper(this, call).start();
      return true;
    } catch (Throwable e) { // no memory, or no thread left
      lock();
      count--;
      unlock();
      return false;
    }
  }

  private static final class Helper extends Thread {
    private final Helpers pool;
    private final Port port = new Port(this);
    private volatile HelperCall given;

    private Helper(Helpers pool, HelperCall first) {
      super(
          Carriers.group(),
          null,
          "onequeue-" + pool.work + "-" + STARTED.incrementAndGet(),
          DEFAULT_STACK,
          false);
      setDaemon(true);
      this.pool = pool;
      this.given = first;
    }

    @Override
    public void run() {
      port.open();
      Native.enterOuter(); // the wait is the virtual thread's, and reported there
      for (HelperCall next = given; next != null; next = next()) {
        given = null;
        next.run();
      }
    }

    /** Null when there was nothing to do for long. */
    private HelperCall next() {
      pool.lock();
      try {
        HelperCall waiting = pool.queue.poll();
        if (waiting != null) {
          return waiting;
        }
        pool.idle.addLast(this);
      } finally {
        pool.unlock();
      }
      long until = System.nanoTime() + LINGER_NANOS;
      while (given == null) {
        if (!port.rest(until) && given == null) {
          if (leaves()) {
            return null;
          }
          until = Port.FOREVER; // somebody has just taken it from the idle, and gives it something
        }
      }
      return given;
    }

    private boolean leaves() {
      pool.lock();
      try {
        boolean wasIdle = pool.idle.remove(this);
        pool.count -= wasIdle ? 1 : 0;
        return wasIdle;
      } finally {
        pool.unlock();
      }
    }

    private boolean give(HelperCall call) {
      given = call;
      port.rouse();
      return true;
    }
  }

  private void lock() {
    for (int spins = 0; !U.compareAndSetInt(this, LOCKED, 0, 1); spins++) {
      if (spins < 100) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // the holder lost its core
      }
    }
  }

  private void unlock() {
    U.putIntRelease(this, LOCKED, 0);
  }
}
