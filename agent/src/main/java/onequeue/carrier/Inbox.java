package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/**
 * Coroutines made runnable by threads that are no carriers. Anyone puts, anyone takes all.
 *
 * <p>Linked through the coroutines themselves, each of which waits in one place at most: a wake-up
 * must not fail because the heap is full.
 */
final class Inbox {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TOP = U.objectFieldOffset(Inbox.class, "top");

  private volatile Coroutine top;

  void put(Coroutine task) {
    do {
      task.below = top;
    } while (!U.compareAndSetReference(this, TOP, task.below, task));
  }

  boolean isEmpty() {
    return top == null;
  }

  /** Moves all that is here to the end of the queue of the calling carrier, oldest first. */
  boolean emptyInto(RunQueue queue) {
    if (top == null) {
      return false;
    }
    Coroutine first = reverse((Coroutine) U.getAndSetReference(this, TOP, null));
    for (Coroutine next, task = first; task != null; task = next) {
      next = task.below; // before it runs, waits and is put somewhere again
      task.below = null;
      queue.put(task);
    }
    return first != null;
  }

  private static Coroutine reverse(Coroutine task) {
    Coroutine reversed = null;
    while (task != null) {
      Coroutine next = task.below;
      task.below = reversed;
      reversed = task;
      task = next;
    }
    return reversed;
  }
}
