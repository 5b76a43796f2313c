package onequeue.carrier;

import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/** All carriers, and who of them does what. */
public final class Carriers {
  static final Inbox INBOX = new Inbox();
  static final int LOOK_EVERY = Integer.getInteger("onequeue.look-every", 61);
  private static final int SHARE_AT = Integer.getInteger("onequeue.share-at", 64);

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Carriers THE = new Carriers();
  private static final long POLLER = U.objectFieldOffset(Carriers.class, "poller");
  private static final long FOREVER = -1;

  private static volatile Carrier[] all = {};

  /** When the one who waits at the port will wake by itself; long ago when nobody waits there. */
  private static volatile long wakesAtNanos = Long.MIN_VALUE;

  /** The carrier that waits at the port, or null: one at most. */
  private volatile Carrier poller;

  private Carriers() {}

  /** Starts the carriers; once, by the thread that makes the first virtual thread. */
  static void start(int count) {
    Carrier[] carriers = new Carrier[count];
    for (int i = 0; i < count; i++) {
      carriers[i] = new Carrier(group(), i + 1);
    }
    all = carriers;
    for (Carrier carrier : carriers) {
      carrier.start();
    }
  }

  /** The group of our own threads: the VM's, out of the program's sight. */
  static ThreadGroup group() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** A coroutine is runnable. By any thread; a virtual one is pinned meanwhile. */
  static void submit(Runnable task) {
    Carrier here = VirtualThreads.currentCarrier();
    if (here != null) {
      here.queue.put(task);
    } else {
      INBOX.put(task);
      wakeOne();
    }
  }

  static void schedule(Carrier carrier, Timer timer) {
    carrier.timers.add(timer);
    if (timer.deadlineNanos < wakesAtNanos) {
      Native.kickCarriers();
    }
  }

  /** Nothing to run: wait at the port, or, if another does so already, rest. */
  static void idle(Carrier carrier) {
    if (THE.poller == null && U.compareAndSetReference(THE, POLLER, null, carrier)) {
      poll(carrier);
    } else {
      carrier.publish(Carrier.RESTING);
      if (THE.poller != null && !hasWork()) {
        carrier.rest();
      }
      carrier.publish(Carrier.RUNNING);
    }
  }

  private static void poll(Carrier carrier) {
    carrier.publish(Carrier.POLLING);
    wakesAtNanos = nextTimerNanos();
    long until = nextTimerNanos(); // once more: who added one in between saw nobody to kick
    int count = hasWork() ? 0 : carrier.await(until == Timers.NEVER ? FOREVER : until);
    wakesAtNanos = Long.MIN_VALUE;
    carrier.publish(Carrier.RUNNING);
    THE.poller = null;
    carrier.deliver(count);
  }

  /** Another carrier is worth its wake-up only when there is a queue that it can shorten. */
  static void shareWork(Carrier carrier) {
    if (all.length > 1 && carrier.queue.size() >= SHARE_AT) {
      wakeResting();
    }
  }

  /** Half of what the first other carrier has that has anything; the first of these is returned. */
  static Runnable steal(Carrier thief) {
    for (Carrier other : all) {
      Runnable task = other == thief ? null : other.queue.take();
      if (task != null) {
        for (int half = other.queue.size() / 2; half > 0; half--) {
          Runnable more = other.queue.take();
          if (more == null) {
            break;
          }
          thief.queue.put(more);
        }
        return task;
      }
    }
    return null;
  }

  /** Wakes the threads whose time has come, whichever carrier they began to wait on. */
  static void expire() {
    long now = 0;
    for (Carrier carrier : all) {
      if (carrier.timers.nextNanos() != Timers.NEVER) {
        now = now != 0 ? now : System.nanoTime();
        for (Timer timer; (timer = carrier.timers.due(now)) != null; ) {
          timer.fire();
        }
      }
    }
  }

  static void failed(Throwable e) {
    System.err.println("onequeue: a carrier met " + e + "; it goes on");
  }

  private static long nextTimerNanos() {
    long next = Timers.NEVER;
    for (Carrier carrier : all) {
      next = Math.min(next, carrier.timers.nextNanos());
    }
    return next;
  }

  private static boolean hasWork() {
    if (!INBOX.isEmpty()) {
      return true;
    }
    for (Carrier carrier : all) {
      if (carrier.queue.size() > 0) {
        return true;
      }
    }
    return false;
  }

  private static void wakeOne() {
    Carrier waiting = THE.poller;
    if ((waiting == null || !waiting.wakeFrom(Carrier.POLLING)) && nobodyRuns()) {
      wakeResting();
    }
  }

  /** A carrier that runs looks into the inbox before long, and in any case before it stops. */
  private static boolean nobodyRuns() {
    for (Carrier carrier : all) {
      if (carrier.isRunning()) {
        return false;
      }
    }
    return true;
  }

  private static void wakeResting() {
    for (Carrier carrier : all) {
      if (carrier.wakeFrom(Carrier.RESTING)) {
        return;
      }
    }
  }
}
