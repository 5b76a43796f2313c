package onequeue.carrier;

import jdk.internal.misc.Unsafe;
import onequeue.queue.Native;

/** One of our kernel threads that run virtual threads, one after another. */
final class Carrier extends Thread {
  /*
   * What the carrier is doing, for those who may have to wake it:
   *   RUNNING  it will look at inbox and port before it stops
   *   RESTING  waits at its own port until it is roused
   *   POLLING  waits at the carrier port
   * The carrier publishes RESTING or POLLING, then looks once more for work, then waits. Who brings
   * work puts it down first, then looks for a state to change: by compare-and-set to RUNNING, and
   * whoever succeeds wakes the carrier. So either the carrier sees the work or it is woken. One that
   * rests has also seen, after it published RESTING, that somebody polls: the last to stop polls.
   * native-helper/src/model/carriers.pml is a model of this, which the tests check: keep in sync.
   */
  static final int RUNNING = 0;
  static final int RESTING = 1;
  static final int POLLING = 2;

  /**
   * Virtual threads run on the carrier's stack, and to take one off it takes more of it: several
   * times what a platform thread has by default. Only what is used costs memory.
   */
  static final long STACK_BYTES = 8L << 20;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long STATE = U.objectFieldOffset(Carrier.class, "state");
  private static final long SWITCHES = U.objectFieldOffset(Lane.class, "switches");

  /** Of what its port notes for the running thread alone. Keep in sync with struct oq_port. */
  private static final long DRY_FD = 752;

  /** After so long a thread that serves a selector, and could go on for ever, gives way. */
  private static final long SELECT_TURN_NANOS = 50_000;

  /**
   * After so long it does in the middle of that, or of anything else. With 50 us here Tomcat makes
   * 2.6 system calls a request instead of 2.2, and Netty takes a fifth more CPU.
   */
  private static final long TRANSFER_TURN_NANOS = 500_000;

  /** One in so many calls that transfer bytes looks at the clock: most turns end before. */
  private static final int TRANSFERS_A_LOOK = 8;

  private static final int EVENTS_MAX = 256;
  private static final long SPARE_LINGER_NANOS = 1_000_000_000L;

  final Lane lane;

  /** Whom it runs; the steward reads it, and may read one of a moment ago. */
  Coroutine current;

  final Port port = new Port(this);

  private long events;
  private volatile int state;
  private int sinceLook;
  private boolean dueToLook;

  /** The switch to the thread that was asked for its turn last, and when it was asked first. */
  private long turn;

  private long turnNanos;
  private int transfers;
  private long lastLookNanos;

  /** How long a virtual thread keeps the carrier, in the mean of the last dozens. */
  private long averageNanos;

  /** So many in the queue are worth another carrier's wake-up. */
  private int worthSharing = Integer.MAX_VALUE;

  /** The steward's own notes. */
  long switchesSeen = -1;

  int timesSeen;

  Carrier(ThreadGroup group, int number, Lane lane) {
    super(group, null, "onequeue-carrier-" + number, STACK_BYTES, false);
    setDaemon(true);
    this.lane = lane;
  }

  @Override
  public void run() {
    port.open();
    events = U.allocateMemory(EVENTS_MAX * 8L);
    boolean needed = true;
    while (needed) {
      try {
        needed = step();
      } catch (Throwable e) {
        Carriers.failed(e);
      }
    }
    U.freeMemory(events);
  }

  /** Runs a thread, or waits for one; false when the carrier is not needed any more. */
  private boolean step() {
    Coroutine task = next();
    if (task == null) {
      current = null;
      return Carriers.idle(this);
    }
    run(task);
    return true;
  }

  /** On this carrier. */
  void submit(Coroutine task) {
    lane.queue.put(task);
    if (lane.queue.size() == worthSharing) {
      Carriers.shareWork(this);
    }
  }

  /** Likewise; a thread that yields goes behind those that wait from outside. */
  void submitBehind(Coroutine task) {
    if (lane.queue.size() == 0) {
      Carriers.INBOX.emptyInto(lane.arrivals);
      lane.arrivals.put(task);
    } else {
      submit(task);
    }
  }

  /** On this carrier. */
  Timer timer(Runnable expired, long nanos) {
    Timer timer = new Timer(lane.timers, expired, Timers.deadline(nanos));
    Carriers.schedule(this, timer);
    return timer;
  }

  private Coroutine next() {
    if (sinceLook >= Carriers.LOOK_EVERY || dueToLook) {
      dueToLook = false;
      deliver(await(0));
      lane.arrivals.emptyInto(lane.queue); // or they would wait for as long as the queue never ends
      if (Carriers.isSurplus()) {
        Carriers.stepAside(this);
      }
    }
    Coroutine task = lane.take();
    if (task == null && Carriers.INBOX.emptyInto(lane.arrivals)) {
      task = lane.take();
    }
    return task != null ? task : Carriers.steal(this);
  }

  /** By the thread that it runs, at each look at its selector: whether it is to give way. */
  boolean isTurnOverAtSelect() {
    return isTurnOver(SELECT_TURN_NANOS);
  }

  /** Likewise, before each call that transfers bytes. */
  boolean isTurnOverAtTransfer() {
    return ++transfers % TRANSFERS_A_LOOK == 0 && isTurnOver(TRANSFER_TURN_NANOS);
  }

  private boolean isTurnOver(long nanos) {
    long now = System.nanoTime();
    if (turn != lane.switches) {
      turn = lane.switches;
      turnNanos = now;
    }
    dueToLook = now - turnNanos > nanos;
    return dueToLook;
  }

  private void run(Coroutine task) {
    sinceLook++;
    U.putLongOpaque(lane, SWITCHES, lane.switches + 1);
    current = task;
    if (port.address() != 0) {
      U.putInt(port.address() + DRY_FD, -1);
    }
    task.run(); // throws what fails in the JDK's code around it, never what the program throws
  }

  /**
   * Waits for edges until the deadline.
   *
   * @param deadlineNanos on the clock of System.nanoTime, which is the kernel's monotonic one; 0 to
   *     glance, -1 for without end
   * @return how many, for {@link #deliver}
   */
  int await(long deadlineNanos) {
    return Native.look(events, EVENTS_MAX, deadlineNanos);
  }

  /** Makes runnable whom the edges, the clock and other threads wake. */
  void deliver(int count) {
    measure();
    lastLookNanos = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long word = U.getLong(events + i * 8L);
      if (word < 0) {
        FileRing.ended(word);
      } else {
        Readiness.edge(word);
      }
    }
    Carriers.expire();
    Carriers.INBOX.emptyInto(lane.arrivals);
    Carriers.shareWork(this);
  }

  /**
   * Waits to be roused; false when nobody did for a second and there are more of us than needed.
   */
  boolean rest() {
    long until = Carriers.tooMany() ? System.nanoTime() + SPARE_LINGER_NANOS : Port.FOREVER;
    return port.rest(until) || !Carriers.tooMany();
  }

  boolean hasWorkToShare() {
    return lane.size() >= worthSharing;
  }

  /** Before the carrier looks, or idles. */
  void measure() {
    lane.queue.forget();
    lane.arrivals.forget();
    if (sinceLook > 0) {
      averageNanos += ((System.nanoTime() - lastLookNanos) / sinceLook - averageNanos) >> 3;
      sinceLook = 0;
      worthSharing = (int) (Carriers.SHARE_NANOS / Math.max(1, averageNanos)) + 1;
    }
  }

  void publish(int newState) {
    state = newState;
  }

  /** By the carrier; false when somebody wakes it at this moment. */
  boolean stopsResting() {
    return U.compareAndSetInt(this, STATE, RESTING, RUNNING);
  }

  long runDelayNanos() {
    return port.address() == 0 ? -1 : Native.runDelay(port.address());
  }

  boolean is(int expected) {
    return state == expected;
  }

  /** Wakes the carrier if it is in that state. By any thread. */
  boolean wakeFrom(int expected) {
    if (state != expected || !U.compareAndSetInt(this, STATE, expected, RUNNING)) {
      return false;
    }
    if (expected == POLLING) {
      Native.kickCarriers();
    } else {
      port.rouse();
    }
    return true;
  }
}
