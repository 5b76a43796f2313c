package onequeue.carrier;

import java.util.concurrent.Executor;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Hooks;

/**
 * What we know of one virtual thread. It stands in the thread's field {@code scheduler}, so that it
 * is found by one load, and is asked whenever the thread becomes runnable.
 */
public final class Coroutine implements Executor {
  /*
   * The permit of LockSupport is the program's: a platform thread that waits in the kernel keeps
   * it. So waits of our own (for a file, a helper, an adopted thread's descriptor) have another one.
   * The thread gives way as Thread.yield does, and its carrier puts it in no queue:
   *   NONE     it does not wait
   *   LEAVING  it is about to give way (thread only, NONE->LEAVING)
   *   AWAY     it has given way, and is in no queue (its carrier only, LEAVING->AWAY)
   *   PINNED   it cannot leave its carrier, which rests at its port (thread only, LEAVING->PINNED)
   *   WOKEN    what it waits for may have come; if it does not wait, its next wait ends at once
   * Who wakes it has put down before that it has come, and sets WOKEN whatever was there: over AWAY
   * it puts the thread in a queue, over PINNED it rouses the carrier. A carrier that finds WOKEN
   * instead of LEAVING puts the thread in a queue itself. The thread sets NONE when it is back, and
   * only then looks whether it has come: with one fence between, like the waker.
   *
   * The thread may be back for no reason. Who takes its stack trace has the JDK hide it from its
   * carriers for a moment, and put it in a queue once more: that is done only if it was WOKEN
   * meanwhile, so that it was put there in vain. And a queue may have it twice then.
   * native-helper/src/model/waits.pml is a model of this, which the tests check: keep in sync.
   */
  private static final int NONE = 0;
  private static final int LEAVING = 1;
  private static final int AWAY = 2;
  private static final int PINNED = 3;
  private static final int WOKEN = 4;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long WAIT = U.objectFieldOffset(Coroutine.class, "wait");

  /** The platform thread of the program that this one runs, or null. */
  final Adopted adopted;

  /** The virtual thread, once it is made. */
  Thread thread;

  /** The inbox's link; see there. */
  volatile Coroutine below;

  /** The file channel, as its set of threads, that the thread is in or was in last; its own. */
  Object channel;

  /** Likewise, the one before. A transfer enters two: that which it was called on is the first. */
  Object outerChannel;

  /** What came of the operation that the thread has in the ring, or {@link FileRing#UNDER_WAY}. */
  volatile int ringResult;

  /** Who waits for the ring behind this one. */
  Coroutine ringNext;

  private Runnable continuation;

  private volatile int wait;

  /** Of the wait under way, if it has an end: how long it may last, and what ends it then. */
  private long waitNanos;

  private Timer timer;

  /** The carrier that a PINNED thread is on. */
  private Carrier pinnedTo;

  Coroutine(Adopted adopted) {
    this.adopted = adopted;
  }

  /**
   * The thread is runnable. By any thread, pinned if it is a virtual one.
   *
   * @param task the same each time: what {@link #run} does
   */
  @Override
  public void execute(Runnable task) {
    if (continuation != task) {
      continuation = task;
    }
    int now = wait;
    if (now == LEAVING) {
      if (Thread.currentThread() instanceof Carrier carrier) {
        leave(carrier);
      }
    } else if (now != AWAY) {
      if (Thread.currentThread() instanceof Carrier carrier && VirtualThreads.hasYielded(thread)) {
        carrier.submitBehind(this);
      } else {
        Carriers.submit(this);
      }
    }
  }

  /** Runs the thread until it waits, on a carrier. Does nothing if it is not runnable any more. */
  void run() {
    continuation.run();
  }

  /**
   * Waits until somebody calls {@link #wake}, for that long, or for no reason at all. By the thread
   * itself. An interrupt does not end it; the thread shows as runnable, as in a call in the kernel.
   *
   * @param nanos 0 for without end
   */
  void await(long nanos) {
    waitNanos = nanos;
    try {
      if (U.compareAndSetInt(this, WAIT, NONE, LEAVING)) {
        giveWay();
        if (wait == LEAVING) {
          awaitOnCarrier(nanos);
        }
      }
    } finally {
      wait = NONE;
    }
    if (timer != null) {
      timer.cancel(false); // may have to give way itself, which is no wait any more
      timer = null;
    }
  }

  private static void giveWay() {
    try {
      Thread.yield();
    } catch (OutOfMemoryError e) {
      // no memory to leave the carrier with: as if pinned
    }
  }

  /** On the carrier that the thread has just left. */
  private void leave(Carrier carrier) {
    if (waitNanos > 0) {
      timer = carrier.timer(new TimeOver(), waitNanos);
    }
    if (!U.compareAndSetInt(this, WAIT, LEAVING, AWAY)) {
      carrier.submit(this);
    }
  }

  private void awaitOnCarrier(long nanos) {
    long until = nanos > 0 ? Timers.deadline(nanos) : Port.FOREVER;
    pinnedTo = VirtualThreads.currentCarrier();
    if (U.compareAndSetInt(this, WAIT, LEAVING, PINNED)) {
      while (wait == PINNED && pinnedTo.port.rest(until)) {
        // roused for another reason
      }
    }
  }

  /** What the thread waits for, or will wait for, may have come. By any thread. */
  void wake() {
    try {
      if (Hooks.recording) {
        Hooks.reports.ready(thread); // first: the thread may be gone afterwards
      }
    } finally {
      endWait();
    }
  }

  /** Somebody interrupts the thread: some who wait look at that themselves. */
  void interrupted() {
    endWait();
  }

  private void endWait() {
    int before = U.getAndSetInt(this, WAIT, WOKEN);
    if (before == AWAY) {
      Carriers.submit(this);
    } else if (before == PINNED) {
      pinnedTo.port.rouse();
    }
  }

  private final class TimeOver implements Runnable {
    @Override
    public void run() {
      endWait();
    }
  }
}
