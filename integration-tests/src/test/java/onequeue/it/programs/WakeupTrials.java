package onequeue.it.programs;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Two threads meet again and again: one begins to wait, the other ends the wait, at offsets that
 * differ each time by a few hundred nanoseconds, so that every step of one meets every step of the
 * other. A wait that does not end by a generous deadline (property {@code patience-s}, in seconds)
 * is a lost wake-up.
 *
 * <p>The two meet by spinning on volatiles: what is tested must not be what they meet by.
 */
public final class WakeupTrials {
  private static final long DEADLINE_NANOS =
      TimeUnit.SECONDS.toNanos(Integer.getInteger("patience-s", 15));
  private static final int SPINS_BEFORE_YIELD = 2_000;

  /** Offsets up to 2 to the power of this, small ones as often as large ones. */
  private static final int LARGEST_POWER = 12;

  /** Before the name of a protocol: the waiter is pinned, if {@link #PINS} is given to the VM. */
  private static final String PINNED = "pinned-";

  /** Reflection leaves a native frame on the stack then. */
  public static final String PINS = "-Djdk.reflect.useNativeAccessorOnly=true";

  /** One protocol. A trial is: {@link #prepare}, then wait and wake at once, then the next. */
  interface Protocol {
    /** By the waker, before both are let go. */
    void prepare(int trial) throws Exception;

    /** By the waiter: returns when woken. */
    void await(int trial) throws Exception;

    /** By the waker. */
    void wake(int trial, Thread waiter) throws Exception;
  }

  private final Protocol protocol;
  private final int trials;
  private final boolean pinned;
  private volatile int started;
  private volatile int done;
  private volatile int offsetSpins;
  private volatile Throwable failure;

  private WakeupTrials(String name, int trials) throws Exception {
    this.pinned = name.startsWith(PINNED);
    this.protocol = WakeupProtocols.of(pinned ? name.substring(PINNED.length()) : name);
    this.trials = trials;
  }

  /**
   * @param args the seed, the number of trials, then protocols
   */
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[0]);
    int trials = Integer.parseInt(args[1]);
    System.out.println("seed " + seed);
    for (int i = 2; i < args.length; i++) {
      long start = System.nanoTime();
      int lost =
          args[i].equals("pool")
              ? WakeupPool.run(trials, DEADLINE_NANOS)
              : new WakeupTrials(args[i], trials).run(seed);
      System.out.println(args[i] + ": trials " + trials + " lost " + lost);
      System.err.println(args[i] + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
    System.exit(0);
  }

  /** Ends with the first trial that is lost, or in which the protocol says that it went wrong. */
  private int run(long seed) throws Exception {
    Thread waiter = new Thread(pinned ? this::pinnedWaiter : this::waiter, "waiter");
    waiter.setDaemon(true);
    waiter.start();
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 1; trial <= trials; trial++) {
      protocol.prepare(trial);
      int most = 2 << random.nextInt(LARGEST_POWER);
      int offset = random.nextInt(most);
      boolean wakerFirst = random.nextBoolean();
      offsetSpins = wakerFirst ? offset : 0;
      started = trial;
      spin(wakerFirst ? 0 : offset);
      protocol.wake(trial, waiter);
      if (!seen(trial) || failure != null) {
        System.out.println(
            "lost: trial " + trial + " " + (failure != null ? failure : waiter.getState()));
        return 1;
      }
    }
    return 0;
  }

  private boolean seen(int trial) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    for (int i = 1; done != trial; i++) {
      pause(i);
      if (i % SPINS_BEFORE_YIELD == 0 && System.nanoTime() > deadline) {
        return false;
      }
    }
    return true;
  }

  private void pinnedWaiter() {
    try {
      WakeupTrials.class.getDeclaredMethod("waiter").invoke(this);
    } catch (ReflectiveOperationException e) {
      failure = e;
    }
  }

  private void waiter() {
    for (int trial = 1; trial <= trials; trial++) {
      for (int i = 1; started != trial; i++) {
        pause(i);
      }
      spin(offsetSpins);
      try {
        protocol.await(trial);
      } catch (Throwable e) {
        failure = e;
      }
      Thread.interrupted();
      done = trial;
    }
  }

  private static void spin(int spins) {
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
  }

  private static void pause(int i) {
    if (i % SPINS_BEFORE_YIELD == 0) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }
}
