package onequeue.carrier;

/**
 * What one carrier works through. Lanes outlive their carriers: a timer stays where it was put, and
 * the next spare takes over an empty lane.
 */
final class Lane {
  /** Made runnable by threads that ran on the carrier. */
  final RunQueue queue = new RunQueue();

  /** Made runnable by other threads: their turn is when the queue is empty, or behind it. */
  final RunQueue arrivals = new RunQueue();

  final Timers timers = new Timers();

  /** How often a virtual thread was switched to; written by the carrier. */
  volatile long switches;

  /** Any thread; null when there is nobody. */
  Coroutine take() {
    Coroutine task = queue.take();
    return task != null ? task : arrivals.take();
  }

  /** How many wait; out of date at once. */
  int size() {
    return queue.size() + arrivals.size();
  }

  /** Whether a carrier has it. Guarded by the lock of {@link Carriers}. */
  boolean taken;
}
