package onequeue.carrier;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One timed wait of a virtual thread: what {@code VirtualThread.schedule} gives back. */
final class Timer implements Future<Object> {
  final long deadlineNanos;
  final Timers timers;
  private final Runnable expired;

  /** Place in the heap; -1 when not in it. Guarded by the heap's lock. */
  int index = -1;

  Timer(Timers timers, Runnable expired, long deadlineNanos) {
    this.timers = timers;
    this.expired = expired;
    this.deadlineNanos = deadlineNanos;
  }

  /** Wakes the thread; on a carrier. Harmless when the wait is over. */
  void fire() {
    expired.run();
  }

  /** The only method the JDK calls. */
  @Override
  public boolean cancel(boolean mayInterrupt) {
    return timers.remove(this);
  }

  @Override
  public boolean isCancelled() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isDone() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object get() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object get(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
