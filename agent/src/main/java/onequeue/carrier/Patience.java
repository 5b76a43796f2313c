package onequeue.carrier;

/**
 * A wait of a virtual thread that an interrupt does not end, like a call in the kernel. The
 * thread's interrupt status is put aside, or each park would return at once, and comes back at the
 * end.
 */
final class Patience {
  private final Adopted adopted;
  private boolean shielded;
  private boolean interrupted;

  /** By the thread that waits, before it does. */
  Patience(Coroutine me) {
    adopted = me.adopted;
    if (adopted != null) {
      adopted.polls(true); // a platform thread in such a call shows as runnable
    }
  }

  void putInterruptAside() {
    if (!Thread.currentThread().isInterrupted()) {
      return;
    }
    if (adopted != null && !shielded && adopted.tryShield()) {
      shielded = true;
    } else {
      interrupted |= Thread.interrupted();
    }
  }

  void end() {
    if (adopted != null) {
      adopted.polls(false);
    }
    if (shielded) {
      adopted.unshield();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
