package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/**
 * What one carrier works through. Lanes outlive their carriers: a timer stays where it was put, and
 * the next spare takes over an empty lane.
 */
final class Lane {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long NEXT = U.objectFieldOffset(Lane.class, "next");

  /** So often in a row is it the turn of {@link #next} while others wait. */
  private static final int MOST_IN_A_ROW = 16;

  /**
   * Whom the thread that runs, or ran last, has woken last: its turn is before the queue. What it
   * was woken for is its own then, or it would find that others, who need not wait, have taken it
   * (permits of a semaphore, a lock), time and again; and its data is still in the caches.
   */
  private volatile Coroutine next;

  private int inARow;

  /** Made runnable by threads that ran on the carrier. */
  final RunQueue queue = new RunQueue();

  /** Made runnable by other threads: their turn is when the queue is empty, or behind it. */
  final RunQueue arrivals = new RunQueue();

  final Timers timers = new Timers();

  /** How often a virtual thread was switched to; written by the carrier. */
  volatile long switches;

  /** By the carrier alone; true when the queue has grown. */
  boolean putNext(Coroutine task) {
    Coroutine before = (Coroutine) U.getAndSetReference(this, NEXT, task);
    if (before != null) {
      queue.put(before);
    }
    return before != null;
  }

  /** By the carrier alone; null when there is nobody. */
  Coroutine takeOwn() {
    if (next != null && inARow < MOST_IN_A_ROW) {
      Coroutine task = takeNext();
      if (task != null) {
        inARow++;
        return task;
      }
    }
    inARow = 0;
    return take();
  }

  /** Any thread; null when there is nobody. */
  Coroutine take() {
    Coroutine task = queue.take();
    if (task == null && next != null) {
      task = takeNext();
    }
    return task != null ? task : arrivals.take();
  }

  private Coroutine takeNext() {
    return (Coroutine) U.getAndSetReference(this, NEXT, null);
  }

  /** By the carrier alone. */
  void emptyInto(Inbox inbox) {
    for (Coroutine task; (task = take()) != null; ) {
      inbox.put(task);
    }
  }

  /** How many wait; out of date at once. */
  int size() {
    return queue.size() + arrivals.size() + (next != null ? 1 : 0);
  }

  /** Whether a carrier has it. Guarded by the lock of {@link Carriers}. */
  boolean taken;
}
