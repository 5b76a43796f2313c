package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/**
 * The timed waits that began on one carrier: a heap by deadline, under a lock that is held for some
 * ten nanoseconds and seldom asked for by anyone else.
 *
 * <p>A thread that waits for the lock spins: the holder runs no code of the program.
 */
final class Timers {
  static final long NEVER = Long.MAX_VALUE;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long LOCKED = U.objectFieldOffset(Timers.class, "locked");
  private static final long NEXT = U.objectFieldOffset(Timers.class, "nextNanos");
  private static final int FIRST_CAPACITY = 64;

  private Timer[] heap = new Timer[FIRST_CAPACITY];
  private int size;
  private volatile int locked;
  private volatile long nextNanos = NEVER;

  /** That long from now, on the clock of {@code System.nanoTime}. */
  static long deadline(long nanos) {
    long deadline = System.nanoTime() + nanos;
    return deadline < 0 ? NEVER - 1 : deadline;
  }

  /** The earliest deadline on the clock of {@code System.nanoTime}, or {@link #NEVER}. */
  long nextNanos() {
    return nextNanos;
  }

  void add(Timer timer) {
    lock();
    try {
      if (size == heap.length) {
        heap = java.util.Arrays.copyOf(heap, size * 2);
      }
      up(size++, timer);
      publish();
    } finally {
      unlock();
    }
  }

  /** False when it is not here any more: it has fired, or is about to. */
  boolean remove(Timer timer) {
    lock();
    try {
      int at = timer.index;
      if (at < 0) {
        return false;
      }
      removeAt(at);
      if (at == 0) {
        publish();
      }
      return true;
    } finally {
      unlock();
    }
  }

  /** Takes out the earliest if it is due; else null. */
  Timer due(long nowNanos) {
    if (nextNanos > nowNanos) {
      return null;
    }
    lock();
    try {
      if (size == 0 || heap[0].deadlineNanos > nowNanos) {
        return null;
      }
      Timer first = heap[0];
      removeAt(0);
      publish();
      return first;
    } finally {
      unlock();
    }
  }

  private void removeAt(int at) {
    heap[at].index = -1;
    Timer last = heap[--size];
    heap[size] = null;
    if (at < size) {
      down(at, last);
      if (heap[at] == last) {
        up(at, last);
      }
    }
  }

  private void up(int at, Timer timer) {
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent].deadlineNanos <= timer.deadlineNanos) {
        break;
      }
      put(at, heap[parent]);
      at = parent;
    }
    put(at, timer);
  }

  private void down(int at, Timer timer) {
    for (int child; (child = 2 * at + 1) < size; at = child) {
      if (child + 1 < size && heap[child + 1].deadlineNanos < heap[child].deadlineNanos) {
        child++;
      }
      if (timer.deadlineNanos <= heap[child].deadlineNanos) {
        break;
      }
      put(at, heap[child]);
    }
    put(at, timer);
  }

  private void put(int at, Timer timer) {
    heap[at] = timer;
    timer.index = at;
  }

  private void publish() {
    long next = size == 0 ? NEVER : heap[0].deadlineNanos;
    if (next != nextNanos) {
      U.putLongVolatile(this, NEXT, next);
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
