package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/**
 * Coroutines made runnable by threads that are no carriers. Anyone puts, anyone takes all.
 *
 * <p>Linked through the coroutines themselves: a wake-up must not fail because the heap is full.
 * One whose stack trace is taken may be put here once more (see {@link Coroutine}): as long as it
 * has a link it is here, and will be moved to a queue later than now, which is enough.
 */
final class Inbox {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TOP = U.objectFieldOffset(Inbox.class, "top");
  private static final long BELOW = U.objectFieldOffset(Coroutine.class, "below");

  /** Below the last. */
  private static final Coroutine BOTTOM = new Coroutine(null);

  private volatile Coroutine top = BOTTOM;

  void put(Coroutine task) {
    if (!U.compareAndSetReference(task, BELOW, null, BOTTOM)) {
      return;
    }
    Coroutine first;
    do {
      first = top;
      task.below = first;
    } while (!U.compareAndSetReference(this, TOP, first, task));
  }

  boolean isEmpty() {
    return top == BOTTOM;
  }

  /** Moves all that is here to the end of the queue of the calling carrier, oldest first. */
  boolean emptyInto(RunQueue queue) {
    if (top == BOTTOM) {
      return false;
    }
    Coroutine first = reverse((Coroutine) U.getAndSetReference(this, TOP, BOTTOM));
    for (Coroutine next, task = first; task != BOTTOM; task = next) {
      next = task.below; // before it runs, waits and is put somewhere again
      task.below = null;
      queue.put(task);
    }
    return first != BOTTOM;
  }

  private static Coroutine reverse(Coroutine task) {
    Coroutine reversed = BOTTOM;
    while (task != BOTTOM) {
      Coroutine next = task.below;
      task.below = reversed;
      reversed = task;
      task = next;
    }
    return reversed;
  }
}
