package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A crowd is woken all at once, by a thread of {@link #OUTSIDE}, while another takes one member's
 * stack traces; the waiter waits until all have woken. If those are excluded from adoption they
 * come to the scheduler as kernel threads of the program do.
 */
public final class WakeupSampled implements WakeupTrials.Protocol {
  /** Pattern of the names. */
  public static final String OUTSIDE = "outside*";

  private static final int MEMBERS = 8;
  private static final int SPINS = 1000;

  private final List<Thread> members = new ArrayList<>();
  private final AtomicInteger asleep = new AtomicInteger();
  private final Thread bell = new Thread(this::ring, "outside bell");
  private volatile int rung;
  private volatile Thread waiter;

  WakeupSampled() {
    for (int i = 0; i < MEMBERS; i++) {
      members.add(new Thread(this::member, "member " + i));
    }
    members.forEach(WakeupSampled::start);
    start(bell);
    start(new Thread(this::sample, "outside sampler"));
  }

  private static void start(Thread thread) {
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void prepare(int trial) {
    asleep.set(MEMBERS);
  }

  @Override
  public void await(int trial) {
    waiter = Thread.currentThread();
    while (asleep.get() != 0) {
      LockSupport.park();
    }
  }

  @Override
  public void wake(int trial, Thread waiter) {
    rung = trial;
    LockSupport.unpark(bell);
  }

  private void ring() {
    for (int heard = 0; ; heard++) {
      while (rung == heard) {
        LockSupport.park();
      }
      members.forEach(LockSupport::unpark);
    }
  }

  private void member() {
    for (int heard = 0; ; heard++) {
      while (rung == heard) {
        LockSupport.park();
      }
      // Meanwhile those that are woken next wait for a carrier.
      for (int i = 0; i < SPINS; i++) {
        Thread.onSpinWait();
      }
      if (asleep.decrementAndGet() == 0) {
        LockSupport.unpark(waiter);
      }
    }
  }

  /** Not of all: it would put those that are lost into a queue again. */
  private void sample() {
    while (true) {
      members.get(0).getStackTrace();
    }
  }
}
