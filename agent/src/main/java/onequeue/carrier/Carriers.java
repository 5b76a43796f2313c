package onequeue.carrier;

import java.util.Arrays;
import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/** All carriers, and who of them does what. */
public final class Carriers {
  static final Inbox INBOX = new Inbox();

  /** A carrier with enough to do looks at the port after so many switches. */
  static final int LOOK_EVERY = 127;

  /** What takes less time is not worth a wake-up. */
  static final long SHARE_NANOS = 100_000;

  private static final int MOST = 512;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Carriers THE = new Carriers();
  private static final long POLLER = U.objectFieldOffset(Carriers.class, "poller");

  private static int base;
  private static int started;
  private static volatile Carrier[] all = {};
  private static volatile Lane[] lanes = {};

  /** When the one who waits at the port will wake by itself; long ago when nobody waits there. */
  private static volatile long wakesAtNanos = Long.MIN_VALUE;

  /** The carrier that waits at the port, or null: one at most. */
  private volatile Carrier poller;

  private Carriers() {}

  /** Starts the carriers; once, by the thread that makes the first virtual thread. */
  static void start(int count) {
    base = count;
    for (int i = 0; i < count; i++) {
      add();
    }
  }

  /** One more, in place of one that is stuck; false when there are too many already. */
  static boolean add() {
    Carrier carrier;
    synchronized (THE) {
      if (all.length >= MOST) {
        return false;
      }
      carrier = new Carrier(group(), ++started, freeLane());
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = carrier;
    }
    carrier.start();
    return true;
  }

  private static Lane freeLane() {
    for (Lane lane : lanes) {
      if (!lane.taken) {
        lane.taken = true;
        return lane;
      }
    }
    Lane lane = new Lane();
    lane.taken = true;
    Lane[] more = Arrays.copyOf(lanes, lanes.length + 1);
    more[lanes.length] = lane;
    lanes = more;
    return lane;
  }

  /** By a carrier with nothing to do; false when it is needed after all. */
  private static boolean remove(Carrier carrier) {
    if (!carrier.stopsResting()) {
      return false; // somebody has just roused it, and counts on it
    }
    synchronized (THE) {
      if (!tooMany()) {
        return false;
      }
      Carrier[] fewer = new Carrier[all.length - 1];
      int n = 0;
      for (Carrier each : all) {
        if (each != carrier) {
          fewer[n++] = each;
        }
      }
      all = fewer;
      carrier.lane.taken = false;
    }
    if (hasWork()) {
      wakeOne(); // whoever brought it may have seen this one running, and left it to it
    }
    return true;
  }

  /** Whether more carriers are at work than there should be; those that are stuck do not count. */
  static boolean tooMany() {
    return all.length - Steward.stuck > base;
  }

  /** In the order of {@code Hooks.Scheduling.figures}. */
  static long[] figures() {
    long queued = 0;
    for (Lane lane : lanes) {
      queued += lane.size();
    }
    return new long[] {
      all.length,
      Governor.allowed(),
      running(),
      Steward.stuck,
      queued,
      switches(),
      Adoption.live().size(),
      FileRing.operations(),
      Helpers.fileOperations()
    };
  }

  /** Lines for {@link Report}. */
  static void describe(StringBuilder text) {
    text.append("carriers\tcarriers\t").append(all.length).append('\n');
    text.append("carriers\tat once\t").append(Governor.allowed()).append('\n');
    text.append("carriers\tbase\t").append(base).append('\n');
    text.append("carriers\tstuck\t").append(Steward.stuck).append('\n');
    text.append("carriers\tspares so far\t").append(started - base).append('\n');
    text.append("carriers\tswitches\t").append(switches()).append('\n');
  }

  /** How many there are when none is stuck. */
  static int base() {
    return base;
  }

  static Carrier[] all() {
    return all;
  }

  /** The group of our own threads: the VM's, out of the program's sight. */
  static ThreadGroup group() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /**
   * A coroutine is runnable. By any thread: a virtual one stays on its carrier meanwhile, as
   * nothing here waits for anything.
   */
  static void submit(Coroutine task) {
    Carrier here = VirtualThreads.currentCarrier();
    if (here != null) {
      here.submit(task);
    } else {
      INBOX.put(task);
      wakeOne();
    }
  }

  static void schedule(Carrier carrier, Timer timer) {
    carrier.lane.timers.add(timer);
    if (timer.deadlineNanos < wakesAtNanos) {
      Native.kickCarriers();
    }
  }

  /**
   * Nothing to run: waits at the port, or, if another does so already, rests.
   *
   * @return false when the carrier is not needed any more
   */
  static boolean idle(Carrier carrier) {
    boolean needed = true;
    carrier.measure();
    if (isSurplus()) {
      stepAside(carrier);
    } else if (THE.poller == null && U.compareAndSetReference(THE, POLLER, null, carrier)) {
      poll(carrier);
    } else {
      carrier.publish(Carrier.RESTING);
      if (THE.poller != null && !hasWork()) {
        needed = carrier.rest() || !remove(carrier);
      }
      carrier.publish(Carrier.RUNNING);
    }
    Steward.wake();
    return needed;
  }

  /** Whether more carriers run than should. */
  static boolean isSurplus() {
    return running() > Governor.allowed() + Steward.stuck;
  }

  /** Rests although there may be work, which is left to those that go on. */
  static void stepAside(Carrier carrier) {
    carrier.lane.queue.emptyInto(INBOX);
    carrier.lane.arrivals.emptyInto(INBOX);
    carrier.publish(Carrier.RESTING);
    if (running() >= 1) { // it will look into the inbox before it stops
      carrier.rest();
    }
    carrier.publish(Carrier.RUNNING);
  }

  private static void poll(Carrier carrier) {
    carrier.publish(Carrier.POLLING);
    wakesAtNanos = nextTimerNanos();
    long until = nextTimerNanos(); // once more: who added one in between saw nobody to kick
    int count = hasWork() ? 0 : carrier.await(until == Timers.NEVER ? Port.FOREVER : until);
    wakesAtNanos = Long.MIN_VALUE;
    carrier.publish(Carrier.RUNNING);
    THE.poller = null;
    carrier.deliver(count);
  }

  /** Another carrier is worth its wake-up only when there is a queue that it can shorten. */
  static void shareWork(Carrier carrier) {
    if (all.length > 1
        && carrier.hasWorkToShare()
        && running() < Governor.allowed() + Steward.stuck) {
      wakeAny();
    }
  }

  private static void wakeAny() {
    if (!wakeResting()) {
      Carrier waiting = THE.poller;
      if (waiting != null) {
        waiting.wakeFrom(Carrier.POLLING);
      }
    }
  }

  /** Half of what the first lane has that has anything; the first of these is returned. */
  static Coroutine steal(Carrier thief) {
    for (Lane lane : lanes) {
      Coroutine task = lane == thief.lane ? null : lane.take();
      if (task != null) {
        for (int half = lane.size() / 2; half > 0; half--) {
          Coroutine more = lane.take();
          if (more == null) {
            break;
          }
          thief.lane.queue.put(more);
        }
        return task;
      }
    }
    return null;
  }

  /** Wakes the threads whose time has come, whichever carrier they began to wait on. */
  static void expire() {
    long now = 0;
    for (Lane lane : lanes) {
      if (lane.timers.nextNanos() != Timers.NEVER) {
        now = now != 0 ? now : System.nanoTime();
        for (Timer timer; (timer = lane.timers.due(now)) != null; ) {
          timer.fire();
        }
      }
    }
  }

  /** One of our own threads met what it should not have; it goes on. */
  static void failed(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return; // the program hears of it where it allocates
    }
    System.err.println(
        "onequeue: " + Thread.currentThread().getName() + " met " + e + "; it goes on");
  }

  private static long nextTimerNanos() {
    long next = Timers.NEVER;
    for (Lane lane : lanes) {
      next = Math.min(next, lane.timers.nextNanos());
    }
    return next;
  }

  /** Whether a coroutine waits to be run. */
  static boolean hasWork() {
    if (!INBOX.isEmpty()) {
      return true;
    }
    for (Lane lane : lanes) {
      if (lane.size() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether somebody waits at the port, or will look at it by itself before long. */
  static boolean isAttended() {
    return THE.poller != null;
  }

  private static void wakeOne() {
    Carrier waiting = THE.poller;
    if ((waiting == null || !waiting.wakeFrom(Carrier.POLLING)) && nobodyRuns()) {
      wakeResting();
    }
  }

  /** A carrier that runs looks into the inbox before long, and in any case before it stops. */
  static boolean nobodyRuns() {
    return running() == 0;
  }

  static int running() {
    int running = 0;
    for (Carrier carrier : all) {
      running += carrier.is(Carrier.RUNNING) ? 1 : 0;
    }
    return running;
  }

  /** How often virtual threads were switched to so far. */
  static long switches() {
    long switches = 0;
    for (Lane lane : lanes) {
      switches += lane.switches;
    }
    return switches;
  }

  /** How long the carriers had to wait for a core so far; -1 when the kernel does not tell. */
  static long runDelayNanos() {
    long sum = 0;
    for (Carrier carrier : all) {
      long delay = carrier.runDelayNanos();
      if (delay < 0) {
        return -1;
      }
      sum += delay;
    }
    return sum;
  }

  static void wakeAllResting() {
    for (Carrier carrier : all) {
      carrier.wakeFrom(Carrier.RESTING);
    }
  }

  /** False when none rests. */
  static boolean wakeResting() {
    for (Carrier carrier : all) {
      if (carrier.wakeFrom(Carrier.RESTING)) {
        return true;
      }
    }
    return false;
  }
}
