package onequeue.carrier;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/**
 * Who waits on which descriptor. The readiness itself is in the native helper's table (see {@code
 * enum oq_ready} in queue.h for the protocol); here are the waiters, two slots a descriptor.
 *
 * <p>Stands in for {@code sun.nio.ch.Poller}, whose callers have looked in vain before they come.
 */
public final class Readiness {
  /** Bytes of a descriptor's entry in the table. */
  static final int ENTRY = 64;

  private static final int POLLIN = 1;
  private static final int IN = 24;
  private static final int OUT = 25;
  private static final int ENDED = 26;
  private static final int REGISTERED = 27;
  private static final byte LOOK = 1;
  private static final byte READY = 2;

  private static final Unsafe U = Unsafe.getUnsafe();

  /**
   * Slot {@code fd << 1} for in, the next for out; by pages, made when first needed. In it stands
   * the virtual thread, which is parked; or its coroutine, if that waits on its own.
   */
  private static final int PAGE_BITS = 10;

  private static final int PAGE = 1 << PAGE_BITS;
  private static final int PAGES = 1 << (21 - PAGE_BITS);
  private static final AtomicReferenceArray<AtomicReferenceArray<Object>> WAITERS =
      new AtomicReferenceArray<>(PAGES);

  private static final long TABLE = Native.table();

  private Readiness() {}

  /**
   * The calling virtual thread waits until the descriptor is ready, {@link #stop} is called, the
   * time is over, or for no reason at all. One of the program's own parks, as in the JDK.
   *
   * @param event POLLIN or POLLOUT
   * @param nanos 0 for without end
   * @param isOpen asked after the thread can be found by those who close the descriptor; may be
   *     null
   * @throws IOException when the kernel does not let the descriptor be waited on
   */
  public static void poll(int fd, int event, long nanos, BooleanSupplier isOpen)
      throws IOException {
    Coroutine me = VirtualThreads.coroutine(Thread.currentThread());
    boolean parks = me == null || me.adopted == null;
    awaitEdge(fd, event, nanos, isOpen, parks ? Thread.currentThread() : me);
  }

  /** Likewise, and no thread's permit is touched, nor ends it. */
  static void poll(int fd, int event, BooleanSupplier isOpen, Coroutine me) throws IOException {
    awaitEdge(fd, event, 0, isOpen, me);
  }

  private static void awaitEdge(
      int fd, int event, long nanos, BooleanSupplier isOpen, Object waiter) throws IOException {
    long entry = TABLE + (long) fd * ENTRY;
    if (U.getByteVolatile(null, entry + REGISTERED) == 0) {
      register(fd);
    }
    boolean in = event == POLLIN;
    long mark = entry + (in ? IN : OUT);
    int slot = slot(fd, in);
    AtomicReferenceArray<Object> page = page(slot);
    page.set(slot & (PAGE - 1), waiter);
    if (U.getByteVolatile(null, mark) == READY) {
      U.compareAndSetByte(null, mark, READY, LOOK);
    } else if (isOpen == null || isOpen.getAsBoolean()) {
      await(nanos, waiter);
    }
    page.setRelease(slot & (PAGE - 1), null);
    if (!in && U.getByteVolatile(null, entry + ENDED) != 0) {
      stopAWriteThatHasBegun(fd);
    }
  }

  /** One more look at the descriptor would use up the error that is for the program's next call. */
  private static void stopAWriteThatHasBegun(int fd) throws IOException {
    Adopted adopted = Adoption.running();
    if (adopted != null && adopted.begunToWrite() && Native.isBroken(fd)) {
      throw new IOException("broken while it was written to");
    }
  }

  private static void await(long nanos, Object waiter) {
    if (waiter instanceof Coroutine me) {
      me.await(nanos);
    } else if (nanos > 0) {
      LockSupport.parkNanos(nanos);
    } else {
      LockSupport.park();
    }
  }

  /** Wakes the one who waits for the event: the descriptor is being closed or shut down. */
  public static void stop(int fd, int event) {
    wake(slot(fd, event == POLLIN));
  }

  /**
   * The program will read the descriptor without waiting for it: that nothing is known to be there
   * is no answer then, since nobody looks at the port in between.
   */
  public static void alwaysLook(int fd) {
    U.putByteVolatile(null, TABLE + (long) fd * ENTRY + ENDED, (byte) 1);
  }

  /** On a carrier: wakes whom an edge concerns. The word is {@code fd << 2 | 1 (in) | 2 (out)}. */
  static void edge(long word) {
    int fd = (int) (word >>> 2);
    if ((word & 1) != 0) {
      wake(slot(fd, true));
    }
    if ((word & 2) != 0) {
      wake(slot(fd, false));
    }
  }

  private static void wake(int slot) {
    AtomicReferenceArray<Object> page = WAITERS.get(slot >>> PAGE_BITS);
    if (page == null || page.get(slot & (PAGE - 1)) == null) {
      return;
    }
    Object waiter = page.getAndSet(slot & (PAGE - 1), null);
    if (waiter instanceof Coroutine coroutine) {
      coroutine.wake();
    } else {
      LockSupport.unpark((Thread) waiter);
    }
  }

  private static void register(int fd) throws IOException {
    int error = Native.watch(fd);
    if (error != 0) {
      throw new IOException("epoll_ctl failed, errno " + -error);
    }
  }

  private static AtomicReferenceArray<Object> page(int slot) {
    AtomicReferenceArray<Object> page = WAITERS.get(slot >>> PAGE_BITS);
    if (page == null) {
      WAITERS.compareAndSet(slot >>> PAGE_BITS, null, new AtomicReferenceArray<>(PAGE));
      page = WAITERS.get(slot >>> PAGE_BITS);
    }
    return page;
  }

  private static int slot(int fd, boolean in) {
    return fd << 1 | (in ? 0 : 1);
  }
}
