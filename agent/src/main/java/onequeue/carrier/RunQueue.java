package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/**
 * A carrier's queue of runnable coroutines, first in, first out. The carrier puts; anyone takes.
 *
 * <p>{@code head} moves by compare-and-set, {@code tail} by the carrier alone. A taker reads the
 * slot before it claims it: a slot is written again only after {@code head} has passed it, so a
 * taker that read a stale slot loses its claim.
 */
final class RunQueue {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long HEAD = U.objectFieldOffset(RunQueue.class, "head");
  private static final long TAIL = U.objectFieldOffset(RunQueue.class, "tail");
  private static final int FIRST_CAPACITY = 1024; // a power of two

  private volatile Coroutine[] slots = new Coroutine[FIRST_CAPACITY];
  private volatile long head;
  private volatile long tail;

  /** Slots before this one hold nobody; the carrier's own. */
  private long forgotten;

  /** By the carrier alone. With a full heap the task may have to wait in the inbox. */
  void put(Coroutine task) {
    long end = tail;
    Coroutine[] all = slots;
    if (end - head >= all.length) {
      try {
        all = grow(all, end);
      } catch (OutOfMemoryError e) {
        Carriers.INBOX.put(task);
        return;
      }
    }
    all[(int) end & (all.length - 1)] = task;
    U.putLongRelease(this, TAIL, end + 1);
  }

  /** By any thread; null when empty. */
  Coroutine take() {
    for (; ; ) {
      long first = head;
      if (first >= tail) {
        return null;
      }
      Coroutine[] all = slots; // after tail: a queue that grew shows its new slots first
      Coroutine task = all[(int) first & (all.length - 1)];
      if (U.compareAndSetLong(this, HEAD, first, first + 1)) {
        return task;
      }
    }
  }

  /** By the carrier alone: lets go of those that were taken. */
  void forget() {
    long end = head;
    Coroutine[] all = slots;
    // A slot before that one is in use again.
    for (long i = Math.max(forgotten, tail - all.length); i < end; i++) {
      all[(int) i & (all.length - 1)] = null;
    }
    forgotten = end;
  }

  /** By the carrier alone, into another queue of its own. */
  void emptyInto(RunQueue queue) {
    for (Coroutine task; (task = take()) != null; ) {
      queue.put(task);
    }
  }

  /** By the carrier alone. */
  void emptyInto(Inbox inbox) {
    for (Coroutine task; (task = take()) != null; ) {
      inbox.put(task);
    }
  }

  /** By any thread; out of date at once. */
  int size() {
    return (int) Math.max(0, tail - head);
  }

  private Coroutine[] grow(Coroutine[] old, long end) {
    Coroutine[] all = new Coroutine[old.length * 2];
    for (long i = head; i < end; i++) {
      all[(int) i & (all.length - 1)] = old[(int) i & (old.length - 1)];
    }
    slots = all;
    return all;
  }
}
