package onequeue.carrier;

import onequeue.queue.Hooks;
import onequeue.queue.Native;

/**
 * Watches over the carriers: one that does not come back (native code, a file, a pinned frame, a
 * computation) must not keep the others' threads waiting. The port and all queues are open to every
 * carrier, so all it takes is that one is free: one that rests is roused, else a spare is started.
 *
 * <p>Sleeps without a wake-up while all carriers are idle.
 */
final class Steward extends Thread {
  private static final long TICK_NANOS = 10_000_000;

  /** A carrier is stuck when it ran the same thread for that many ticks. */
  private static final int STUCK_TICKS = 2;

  private static final int IDLE_TICKS = 20;
  private static final int REPORT_TICKS = 100;
  private static final long FULL_HEAP_PAUSE_NANOS = 1_000_000_000;
  private static final long FOREVER = -1;

  private static volatile Steward the;

  /** How many carriers are stuck, by the last look. */
  static volatile int stuck;

  private volatile boolean asleep;
  private volatile long port;

  private Steward() {
    super(Carriers.group(), null, "onequeue-steward", 0, false);
    setDaemon(true);
  }

  static void begin() {
    Steward steward = new Steward();
    the = steward;
    steward.start();
  }

  /** By a carrier that stops being idle, and when there is something to report. */
  static void wake() {
    Steward steward = the;
    if (steward != null && steward.asleep) {
      steward.asleep = false;
      Native.rouse(steward.port);
    }
  }

  @Override
  public void run() {
    port = Native.carrier();
    if (port == 0) {
      return; // no descriptor left for it: nobody watches, as without us
    }
    Governor governor = new Governor();
    int idle = 0;
    for (int ticks = 0; ; ticks++) {
      if (idle < IDLE_TICKS) {
        Native.rest(System.nanoTime() + TICK_NANOS);
      } else {
        sleep();
        governor.restart();
        idle = 0;
      }
      idle = Carriers.nobodyRuns() ? idle + 1 : 0;
      try {
        look();
        governor.tick();
        if (ticks % REPORT_TICKS == 0 || idle == IDLE_TICKS) {
          Report.write();
        }
      } catch (OutOfMemoryError e) {
        // Each try makes the VM collect in vain: the program's own threads come first.
        Native.rest(System.nanoTime() + FULL_HEAP_PAUSE_NANOS);
      } catch (Throwable e) {
        Carriers.failed(e);
      }
    }
  }

  /** Until somebody wakes us, who publishes why, then reads asleep; we the other way round. */
  private void sleep() {
    asleep = true;
    while (asleep && Carriers.nobodyRuns() && !Report.isDue()) {
      Native.rest(FOREVER);
    }
    asleep = false;
  }

  private static void look() {
    int stuckNow = 0;
    Carrier[] carriers = Carriers.all();
    for (Carrier carrier : carriers) {
      if (isStuck(carrier)) {
        stuckNow++;
      }
    }
    boolean released = stuckNow < stuck;
    stuck = stuckNow;
    if (released && Carriers.tooMany()) {
      Carriers.wakeAllResting(); // those that counted on the stuck ones rest without end
    }
    boolean work = Carriers.hasWork();
    boolean unattended = stuckNow > 0 && !Carriers.isAttended();
    if (!work && !unattended) {
      return;
    }
    int free = carriers.length - stuckNow;
    boolean wanted = stuckNow > 0 || Carriers.running() < Governor.allowed();
    if (wanted && !Carriers.wakeResting() && free < (work ? Governor.allowed() : 1)) {
      Carriers.add();
    }
  }

  private static boolean isStuck(Carrier carrier) {
    long switches = carrier.lane.switches;
    if (!carrier.is(Carrier.RUNNING) || switches != carrier.switchesSeen) {
      carrier.switchesSeen = switches;
      carrier.timesSeen = 0;
      return false;
    }
    if (++carrier.timesSeen == STUCK_TICKS && Hooks.recording) {
      report(carrier);
    }
    return carrier.timesSeen >= STUCK_TICKS;
  }

  private static void report(Carrier carrier) {
    Coroutine coroutine = carrier.current;
    if (coroutine == null) {
      return; // it waits for a core itself, before its first thread or between two
    }
    Thread thread = coroutine.thread;
    StackTraceElement[] stack = StackTraces.trim(thread.getStackTrace());
    Hooks.reports.stuck(carrier, thread, stack, Carriers.all().length);
  }
}
