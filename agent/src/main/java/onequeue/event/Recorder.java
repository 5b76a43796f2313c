package onequeue.event;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;
import onequeue.queue.Outcome;

/**
 * Turns waits into events. The native helper calls {@link #begin} when a thread is about to wait
 * and {@link #end} when it goes on, on that thread, only while a recording runs.
 *
 * <p>Nothing here may throw into the program, and waits made in here are not reported.
 */
public final class Recorder {
  private static final Kind[] KINDS = Kind.values();
  private static final Charset PATHS = Charset.defaultCharset();
  private static final ConcurrentMap<Integer, String> TARGETS = new ConcurrentHashMap<>();

  /** {@code observe} or {@code unify}; set before the first recording. */
  static volatile String mode = "";

  private Recorder() {}

  /** Runs every class initialiser that a hook may otherwise be the first to need. */
  static void warmUp() {
    for (Kind kind : KINDS) {
      create(kind).isEnabled();
    }
    new MonitorWaitEvent().isEnabled();
    Outcome.of(0).text();
    TARGETS.remove(-1);
  }

  /**
   * @param timeoutNanos how long at most, or -1 for without end
   * @return the event, to be given to {@link #end}; null when its type is switched off
   */
  static Object begin(int kind, int descriptor, long timeoutNanos) {
    WaitEvent event = create(KINDS[kind]);
    if (!event.isEnabled()) {
      return null;
    }
    event.descriptor = descriptor;
    event.timeout = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos;
    event.begin();
    return event;
  }

  /**
   * @param waker who ended the wait; may be null
   * @param delayNanos from the wake-up until the thread ran, or -1 when nobody is known
   * @param report the helper's own notes, valid during this call
   */
  static void end(
      Object began, int outcome, Thread waker, long delayNanos, int batch, long report) {
    WaitEvent event = (WaitEvent) began;
    event.end();
    if (!event.shouldCommit()) {
      return;
    }
    event.resource = resource(event, report);
    finish(event, Outcome.of(outcome), waker, delayNanos, batch);
  }

  /** A connection is under way to that address. */
  static void connecting(int descriptor, InetAddress address, int port) {
    TARGETS.put(descriptor, address.getHostAddress() + ":" + port);
  }

  /** The calling thread is about to wait for a file change: its parks count as that one wait. */
  public static Object watching() {
    if (Hooks.isVirtual(Thread.currentThread())) {
      return VirtualWaits.watch();
    }
    WatchEvent event = new WatchEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.descriptor = -1;
    event.timeout = Long.MAX_VALUE;
    event.begin();
    Native.enterOuter();
    return event;
  }

  /**
   * @param key what the watch service returned; null when it timed out or threw
   */
  public static void watched(Object began, WatchKey key, long timeoutNanos) {
    String resource = key == null ? "" : String.valueOf(key.watchable());
    if (!(began instanceof WatchEvent event)) {
      VirtualWaits.watched(began, resource, timeoutNanos);
      return;
    }
    long[] last = new long[3];
    Thread waker = Native.leaveOuter(last);
    event.end();
    if (last[0] == 0 || !event.shouldCommit()) {
      return; // a key was there already: no wait
    }
    event.timeout = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos;
    event.resource = resource;
    Outcome outcome = Outcome.of((int) last[1]);
    finish(event, key != null ? Outcome.READY : outcome, waker, last[2], 1);
  }

  /**
   * The calling thread is about to wait for the end of a child: its parks count as that one wait.
   *
   * @param timeoutNanos -1 for without end
   * @return to be given to {@link #waitedFor}; null when there is nothing to report
   */
  public static Object waitingFor(Process process, long timeoutNanos) {
    ProcessEvent event = new ProcessEvent();
    if (timeoutNanos == 0 || timeoutNanos < -1 || !event.isEnabled()) {
      return null;
    }
    event.descriptor = -1;
    event.timeout = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos;
    event.resource = nameOf(process);
    if (Hooks.isVirtual(Thread.currentThread())) {
      return VirtualWaits.begin(event);
    }
    event.begin();
    Native.enterOuter();
    return event;
  }

  /** Ends what {@link #waitingFor} began; with neither of the two the child has ended. */
  public static void waitedFor(Object began, boolean interrupted, boolean timedOut) {
    Outcome outcome =
        interrupted ? Outcome.INTERRUPTED : timedOut ? Outcome.TIMED_OUT : Outcome.READY;
    if (mode.equals("observe")) {
      Native.waited(Kind.PROCESS.ordinal()); // else who waits in the queue counts
    }
    if (!(began instanceof WaitEvent event)) {
      VirtualWaits.endOuter(began, outcome);
      return;
    }
    Native.leaveOuter(new long[3]);
    event.end();
    if (event.shouldCommit()) {
      finish(event, outcome, null, -1, 1);
    }
  }

  /** What runs in it is not known any more once it has ended. */
  private static String nameOf(Process process) {
    String name = "pid " + process.pid();
    try {
      return name + " " + Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe"));
    } catch (IOException | RuntimeException e) {
      return name;
    }
  }

  static void finish(WaitEvent event, Outcome outcome, Thread waker, long delayNanos, int batch) {
    event.outcome = outcome.text();
    event.waker = waker;
    event.readyToRunDelay = delayNanos < 0 ? Long.MIN_VALUE : delayNanos;
    event.batch = batch;
    event.mode = mode;
    event.commit();
  }

  private static String resource(WaitEvent event, long report) {
    if (event instanceof ConnectEvent) {
      String target = TARGETS.remove(event.descriptor);
      if (target != null) {
        return target;
      }
    }
    boolean known = event.descriptor >= 0 || event instanceof LookupEvent;
    return known ? new String(Native.resource(report), PATHS) : "";
  }

  static WaitEvent create(Kind kind) {
    return switch (kind) {
      case ACCEPT -> new AcceptEvent();
      case CONNECT -> new ConnectEvent();
      case READ -> new ReadEvent();
      case WRITE -> new WriteEvent();
      case DATAGRAM -> new DatagramEvent();
      case PIPE -> new PipeEvent();
      case SELECT -> new SelectEvent();
      case SLEEP -> new SleepEvent();
      case PARK -> new ParkEvent();
      case FILE -> new FileEvent();
      case WATCH -> new WatchEvent();
      case PROCESS -> new ProcessEvent();
      case LOOKUP -> new LookupEvent();
      case IDLE -> new IdleEvent();
    };
  }
}
