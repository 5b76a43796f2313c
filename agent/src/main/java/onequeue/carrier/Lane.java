package onequeue.carrier;

/**
 * What one carrier works through. Lanes outlive their carriers: a timer stays where it was put, and
 * the next spare takes over an empty lane.
 */
final class Lane {
  final RunQueue queue = new RunQueue();
  final Timers timers = new Timers();

  /** How often a virtual thread was switched to; written by the carrier. */
  volatile long switches;

  /** Whether a carrier has it. Guarded by the lock of {@link Carriers}. */
  boolean taken;
}
