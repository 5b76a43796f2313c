package onequeue.carrier;

import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/** Where one of our own kernel threads rests until it is roused. */
final class Port {
  static final long FOREVER = -1;

  private static final Unsafe U = Unsafe.getUnsafe();

  private final Thread owner;

  /** Of its {@code struct oq_port}; 0 before it is open, and when there is no descriptor for it. */
  private volatile long address;

  Port(Thread owner) {
    this.owner = owner;
  }

  /** By the owner, first of all. */
  void open() {
    address = Native.carrier();
  }

  long address() {
    return address;
  }

  /**
   * By the owner. May return for no reason.
   *
   * @param untilNanos on the clock of System.nanoTime, or {@link #FOREVER}
   * @return false when the time is over
   */
  boolean rest(long untilNanos) {
    if (address != 0) {
      return Native.rest(untilNanos);
    }
    U.park(false, untilNanos == FOREVER ? 0 : Math.max(1, untilNanos - System.nanoTime()));
    return untilNanos == FOREVER || System.nanoTime() < untilNanos;
  }

  /** Ends the rest, or the next one. By any thread. */
  void rouse() {
    if (address != 0) {
      Native.rouse(address);
    } else {
      U.unpark(owner);
    }
  }
}
