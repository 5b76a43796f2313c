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
final class FileHelpers {
  /** For calls that the disk ends: when all helpers have one, the next calls queue up. */
  static final FileHelpers DISK = new FileHelpers(64, true);

  /**
   * For calls that end when somebody else does something: one more is refused when all helpers have
   * one, as it may be the one that the others wait for.
   */
  static final FileHelpers ENDLESS = new FileHelpers(1024, false);

  private static final long LINGER_NANOS = 5_000_000_000L;
  private static final long DEFAULT_STACK = 0;
  private static final long FOREVER = -1;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long LOCKED = U.objectFieldOffset(FileHelpers.class, "locked");

  private static final AtomicInteger STARTED = new AtomicInteger();
  private static final AtomicLong OPERATIONS = new AtomicLong();

  private final int most;
  private final boolean queueing;
  private final ArrayDeque<FileOperation> queue = new ArrayDeque<>();
  private final ArrayDeque<Helper> idle;
  private int count;
  private volatile int locked;

  private FileHelpers(int most, boolean queueing) {
    this.most = most;
    this.queueing = queueing;
    idle = new ArrayDeque<>(most); // never grows: a helper must not fail for want of memory
  }

  /** How many were given to helpers so far. */
  static long operations() {
    return OPERATIONS.get();
  }

  /** Lines for {@link Report}. */
  static void describe(StringBuilder text) {
    text.append("carriers\tfile operations by helpers\t").append(OPERATIONS).append('\n');
    text.append("carriers\tfile helpers\t").append(DISK.count + ENDLESS.count).append('\n');
  }

  /** Has a helper run it; false when there is none. Any thread. */
  boolean submit(FileOperation operation) {
    OPERATIONS.incrementAndGet();
    Helper helper;
    lock();
    try {
      helper = idle.pollLast(); // its memory is warm, and the others can end
      if (helper == null && count == most) {
        return queueing && queue.add(operation);
      }
      if (helper == null) {
        count++;
      }
    } finally {
      unlock();
    }
    return helper != null ? helper.give(operation) : start(operation);
  }

  private boolean start(FileOperation operation) {
    try {
      new Helper(this, operation).start();
      return true;
    } catch (Throwable e) { // no memory, or no thread left
      lock();
      count--;
      unlock();
      return false;
    }
  }

  private static final class Helper extends Thread {
    private final FileHelpers pool;
    private volatile FileOperation given;
    private volatile long port;

    private Helper(FileHelpers pool, FileOperation first) {
      super(
          Carriers.group(),
          null,
          "onequeue-file-" + STARTED.incrementAndGet(),
          DEFAULT_STACK,
          false);
      setDaemon(true);
      this.pool = pool;
      this.given = first;
    }

    @Override
    public void run() {
      port = Native.carrier();
      Native.enterOuter(); // the wait is the virtual thread's, and reported there
      for (FileOperation next = given; next != null; next = next()) {
        given = null;
        next.run();
      }
    }

    /** Null when there was nothing to do for long. */
    private FileOperation next() {
      pool.lock();
      try {
        FileOperation waiting = pool.queue.poll();
        if (waiting != null) {
          return waiting;
        }
        pool.idle.addLast(this);
      } finally {
        pool.unlock();
      }
      long until = System.nanoTime() + LINGER_NANOS;
      while (given == null) {
        if (!rest(until) && given == null) {
          if (leaves()) {
            return null;
          }
          until = FOREVER; // somebody has just taken it from the idle, and gives it something
        }
      }
      return given;
    }

    /** False when the time was over. */
    private boolean rest(long until) {
      if (port != 0) {
        return Native.rest(until);
      }
      U.park(false, until == FOREVER ? 0 : Math.max(1, until - System.nanoTime()));
      return until == FOREVER || System.nanoTime() < until;
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

    private boolean give(FileOperation operation) {
      given = operation;
      if (port != 0) {
        Native.rouse(port);
      } else {
        U.unpark(this);
      }
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
