package onequeue.carrier;

import java.nio.channels.Channel;
import jdk.internal.misc.Unsafe;

/**
 * A platform thread of the program that runs as a virtual one. The program holds {@code handle} and
 * asks it as ever; what it asks is answered from here.
 */
public final class Adopted implements Runnable {
  /*
   * Some waits of a platform thread cannot be interrupted (a java.net socket), while every wait of a
   * virtual thread can. So the status is kept back for the length of such a wait:
   *   OPEN      interrupts go to the virtual thread
   *   PASSING   one is going there now, by whoever moved OPEN->PASSING; he moves it back
   *   SHIELDED  the thread is in a wait that cannot be interrupted (thread only, OPEN->SHIELDED)
   *   PENDING   likewise, and it was interrupted: the status follows when the wait ends
   * The thread looks at its status once more after OPEN->SHIELDED: what came before went to it, what
   * comes after finds SHIELDED. Invariant: a thread in SHIELDED or PENDING has a clear status.
   */
  private static final int OPEN = 0;
  private static final int PASSING = 1;
  private static final int SHIELDED = 2;
  private static final int PENDING = 3;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long SLEEPS = U.objectFieldOffset(Adopted.class, "sleeps");
  private static final long SHIELD = U.objectFieldOffset(Adopted.class, "shield");

  final Thread handle;

  /** Set before the thread starts. */
  Thread thread;

  private volatile int shield;
  private volatile boolean terminated;

  /** The status that the handle shows when it has terminated; interrupts still set it. */
  private volatile boolean interruptedAtEnd;

  /** The thread is in {@code Thread.sleep}. */
  private volatile boolean sleeps;

  /** What the thread connects, if so; the thread's own. */
  Channel connecting;

  /** What the thread sends from a file, if so; the thread's own. */
  Transfer transfer;

  /** The thread is in a blocking write that has written a part; the thread's own. */
  private boolean begunToWrite;

  Adopted(Thread handle) {
    this.handle = handle;
  }

  /** What the virtual thread does: all that the VM does around {@code Thread.run}. */
  @Override
  public void run() {
    try {
      handle.run();
    } catch (Throwable e) {
      dispatch(e);
    } finally {
      interruptedAtEnd = thread.isInterrupted();
      terminated = true;
      Adoption.terminated(this);
    }
  }

  private void dispatch(Throwable e) {
    try {
      handle.getUncaughtExceptionHandler().uncaughtException(handle, e);
    } catch (Throwable second) {
      System.err.println(
          "\nException: "
              + second.getClass().getName()
              + " thrown from the UncaughtExceptionHandler in thread \""
              + handle.getName()
              + "\"");
    }
  }

  public boolean isAlive() {
    return !terminated;
  }

  public Thread.State state() {
    if (terminated) {
      return Thread.State.TERMINATED;
    }
    return sleeps ? Thread.State.TIMED_WAITING : thread.getState();
  }

  public boolean isInterrupted() {
    return terminated ? interruptedAtEnd : shield == PENDING || thread.isInterrupted();
  }

  /** By any thread. */
  public void interrupt() {
    while (!terminated) {
      int now = shield;
      if (now == PENDING || (now == SHIELDED && swing(SHIELDED, PENDING))) {
        return;
      }
      if (now == OPEN && swing(OPEN, PASSING)) {
        thread.interrupt();
        shield = OPEN;
        return;
      }
      Thread.onSpinWait();
    }
    interruptedAtEnd = true;
  }

  /** The thread itself, before a wait that cannot be interrupted. */
  void shield() {
    while (!swing(OPEN, SHIELDED)) {
      Thread.yield(); // somebody interrupts it now, which may take as long as to close a channel
    }
    if (thread.isInterrupted()) {
      Thread.interrupted();
      shield = PENDING;
    }
  }

  /** The thread itself, after that wait. */
  void unshield() {
    if (!swing(SHIELDED, OPEN)) {
      shield = OPEN;
      thread.interrupt();
    }
  }

  /** By the thread itself. Only to be looked at: no fence is needed. */
  void sleeps(boolean now) {
    U.putBooleanRelease(this, SLEEPS, now);
  }

  /** Returns what it was. */
  boolean begunToWrite(boolean now) {
    boolean before = begunToWrite;
    begunToWrite = now;
    return before;
  }

  boolean begunToWrite() {
    return begunToWrite;
  }

  private boolean swing(int from, int to) {
    return U.compareAndSetInt(this, SHIELD, from, to);
  }
}
