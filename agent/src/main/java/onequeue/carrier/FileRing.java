package onequeue.carrier;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
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
  /** The file's position, which moves on. Held by {@link FileTable#takePosition} meanwhile. */
  static final long POSITION = -1;

  /** Operations besides {@link DiskCall}'s, of {@code enum oq_ring_what} in queue.h. */
  static final int SYNC = 4;

  static final int DATA_SYNC = 5;

  static final int UNDER_WAY = Integer.MIN_VALUE;

  /** No more at once; in sync with OQ_RING_OPS. */
  private static final int OPERATIONS = 2048;

  private static final int NONE = -1;
  private static final int EAGAIN = 11;
  private static final int EBUSY = 16;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final FileRing THE = new FileRing();
  private static final long FREE = U.objectFieldOffset(FileRing.class, "free");

  private static final AtomicLong COUNT = new AtomicLong();

  /** Whether the ring is there; whether it cannot be; whether it is not to be tried. */
  private static volatile boolean open;

  private static volatile boolean refused;

  private static volatile boolean unwanted;

  /** By tag. */
  private final AtomicReferenceArray<Coroutine> waiters = new AtomicReferenceArray<>(OPERATIONS);

  /** The tags in no use, each with the next one: a stack. */
  private final int[] next = new int[OPERATIONS];

  /**
   * The first of them, or NONE, below how often the stack was changed: so no change is overlooked.
   */
  private volatile long free;

  private FileRing() {
    for (int tag = 0; tag < OPERATIONS; tag++) {
      next[tag] = tag + 1 < OPERATIONS ? tag + 1 : NONE;
    }
  }

  /** The user does without. Called once, before the first operation. */
  static void leaveAlone() {
    unwanted = true;
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
   * @param at where in the file, or {@link #POSITION}
   * @return what the system call would have returned, or -errno: then nothing was done, and a
   *     helper is to find out why or to do it
   */
  static int perform(Coroutine me, int what, int fd, long address, int count, long at) {
    if (!isOpen()) {
      return -EBUSY;
    }
    Object report = Hooks.recording ? Hooks.reports.begin(Kind.FILE, fd) : null;
    try {
      Patience patience = new Patience(me);
      try {
        return perform(me, patience, what, fd, address, count, at);
      } finally {
        patience.end();
      }
    } finally {
      if (report != null) {
        Hooks.reports.end(report);
      }
    }
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

  private static int perform(
      Coroutine me, Patience patience, int what, int fd, long address, int count, long at) {
    int tag = THE.take();
    if (tag == NONE) {
      return -EAGAIN;
    }
    int error = -EAGAIN;
    try {
      me.ringResult = UNDER_WAY;
      THE.waiters.set(tag, me); // first: the end may come before submit returns
      error = Native.submit(tag, what, fd, address, count, at);
    } finally {
      if (error != 0) {
        THE.waiters.set(tag, null);
        THE.giveBack(tag);
      }
    }
    if (error != 0) {
      open = false; // the next one asks how it is
      return error;
    }
    while (me.ringResult == UNDER_WAY) {
      try {
        LockSupport.park();
        patience.putInterruptAside();
      } catch (VirtualMachineError e) {
        Thread.onSpinWait(); // the kernel still has memory that is given back when we return
      }
    }
    return me.ringResult;
  }

  /** On a carrier: wakes whose operation has ended. */
  static void ended(long word) {
    int tag = (int) (word >>> 32) & (OPERATIONS - 1);
    Coroutine waiter = THE.waiters.get(tag);
    Thread thread = waiter.thread;
    THE.waiters.set(tag, null);
    THE.giveBack(tag);
    COUNT.incrementAndGet();
    waiter.ringResult = (int) word; // it may go on from here
    LockSupport.unpark(thread);
  }

  private int take() {
    for (; ; ) {
      long was = free;
      int tag = (int) was;
      if (tag == NONE || U.compareAndSetLong(this, FREE, was, changed(was, next[tag]))) {
        return tag;
      }
    }
  }

  private void giveBack(int tag) {
    long was;
    do {
      was = free;
      next[tag] = (int) was;
    } while (!U.compareAndSetLong(this, FREE, was, changed(was, tag)));
  }

  private static long changed(long was, int first) {
    return ((was >>> 32) + 1) << 32 | (first & 0xffffffffL);
  }
}
