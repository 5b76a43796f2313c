package onequeue.carrier;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * File operations that the kernel makes by itself while the virtual thread is parked: what the page
 * cache has not, before a helper is asked. See ring.c in the native helper; here are those who
 * wait.
 */
final class FileRing {
  /** Operations besides those of {@link DiskCall}, of {@code enum oq_ring_what} in queue.h. */
  static final int SYNC = 4;

  static final int DATA_SYNC = 5;

  static final int UNDER_WAY = Integer.MIN_VALUE;

  /**
   * No more at once; in sync with OQ_RING_OPS. The others wait in line: with more than a disk has
   * room for, the kernel takes a thread for each.
   */
  private static final int OPERATIONS = 128;

  /** More than anything below here takes. */
  private static final int FRAMES = 64;

  private static final int NONE = -1;
  private static final int EAGAIN = 11;
  private static final int EBUSY = 16;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final FileRing THE = new FileRing();
  private static final long LOCKED = U.objectFieldOffset(FileRing.class, "locked");

  private static final AtomicLong COUNT = new AtomicLong();

  /** Whether the ring is there; whether it cannot be; whether it is not to be tried. */
  private static volatile boolean open;

  private static volatile boolean refused;

  private static volatile boolean unwanted;

  /** By tag. Written before the kernel gets the operation, read after it has given its end. */
  private final Coroutine[] waiters = new Coroutine[OPERATIONS];

  /** The first of these are in no use. */
  private final int[] tags = new int[OPERATIONS];

  private int free = OPERATIONS;

  /** Those who wait for one, linked through themselves. */
  private Coroutine first;

  private Coroutine last;
  private volatile int locked;

  private FileRing() {
    for (int tag = 0; tag < OPERATIONS; tag++) {
      tags[tag] = tag;
    }
  }

  /** The user does without. Called once, before the first operation. */
  static void leaveAlone() {
    unwanted = true;
  }

  /** How many have ended so far. */
  static long operations() {
    return COUNT.get();
  }

  /** Lines for {@link Report}. */
  static void describe(StringBuilder text) {
    text.append("carriers\tfile waits\t").append(how()).append('\n');
    text.append("carriers\tfile operations by io_uring\t").append(COUNT).append('\n');
  }

  private static String how() {
    if (unwanted) {
      return "helpers (stock=uring)";
    }
    byte[] trouble = Native.ringTrouble();
    return trouble == null
        ? "io_uring"
        : "helpers (io_uring: " + new String(trouble, StandardCharsets.UTF_8) + ")";
  }

  /**
   * Has the kernel make an operation and waits for its end, which nothing brings forward: memory
   * that it uses is its own until then.
   *
   * @param count bytes, or pieces of memory
   * @param at where in the file
   * @return what the system call would have returned, or -errno: then nothing was done, and a
   *     helper is to find out why or to do it
   */
  static int perform(Coroutine me, int what, int fd, long address, int count, long at) {
    if (!isOpen()) {
      return -EBUSY;
    }
    room(FRAMES);
    Object report = Hooks.recording ? Hooks.reports.begin(Kind.FILE, fd, null) : null;
    try {
      return submit(me, what, fd, address, count, at);
    } finally {
      if (report != null) {
        Hooks.reports.end(report);
      }
    }
  }

  /** If the stack overflows it does so here, where nothing is under way. */
  private static int room(int frames) {
    return frames == 0 ? 0 : 1 + room(frames - 1);
  }

  private static boolean isOpen() {
    return open || (!refused && !unwanted && opens());
  }

  private static boolean opens() {
    int error = Native.openRing();
    open = error == 0;
    refused = error != 0 && error != -EBUSY;
    return open;
  }

  private static int submit(Coroutine me, int what, int fd, long address, int count, long at) {
    int tag = THE.take(me);
    if (tag == NONE) {
      await(me, NONE);
      tag = me.ringResult;
    }
    int error = -EAGAIN;
    try {
      me.ringResult = UNDER_WAY;
      THE.waiters[tag] = me; // the end may come before submit returns
      error = Native.submit(tag, what, fd, address, count, at);
    } finally {
      if (error != 0) {
        THE.giveBack(tag);
      }
    }
    if (error != 0) {
      open = false; // the next one asks how it is
      return error;
    }
    await(me, UNDER_WAY);
    return me.ringResult;
  }

  /** Whatever happens: the kernel may still have memory that is given back when we return. */
  private static void await(Coroutine me, int state) {
    while (me.ringResult == state) {
      try {
        me.await(0);
      } catch (VirtualMachineError e) {
        Thread.onSpinWait(); // no memory to wait with
      }
    }
  }

  /** On a carrier: wakes whose operation has ended. */
  static void ended(long word) {
    int tag = (int) (word >>> 32) & (OPERATIONS - 1);
    Coroutine waiter = THE.waiters[tag];
    COUNT.incrementAndGet();
    THE.giveBack(tag);
    wake(waiter, (int) word);
  }

  private static void wake(Coroutine waiter, int result) {
    waiter.ringResult = result;
    waiter.wake();
  }

  /** A tag; or NONE, and the calling thread waits in line for one. */
  private int take(Coroutine me) {
    lock();
    int tag = free > 0 ? tags[--free] : NONE;
    if (tag == NONE) {
      me.ringResult = NONE;
      if (first == null) {
        first = me;
      } else {
        last.ringNext = me;
      }
      last = me;
    }
    unlock();
    return tag;
  }

  /** To the first who waits for one, if somebody does. */
  private void giveBack(int tag) {
    waiters[tag] = null;
    lock();
    Coroutine next = first;
    if (next == null) {
      tags[free++] = tag;
    } else {
      first = next.ringNext;
      last = first == null ? null : last;
      next.ringNext = null;
    }
    unlock();
    if (next != null) {
      wake(next, tag);
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
