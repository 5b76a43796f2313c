package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** From birth to death: states, joins, and who hears of the end. */
public final class AdoptionLife {
  private static final long LIMIT_MILLIS = 30;

  private AdoptionLife() {}

  /** Prints what is seen of threads at each point of their lives. */
  public static void main(String[] args) throws Exception {
    states();
    joins();
    AdoptionThreads.run("joiner", AdoptionLife::joins);
    interruptedJoins();
    handleAsMonitor();
    yields();
    generations();
  }

  private static void states() throws Exception {
    AtomicBoolean spin = new AtomicBoolean(true);
    Object monitor = new Object();
    Thread thread =
        new Thread(
            AdoptionThreads.task(
                () -> {
                  while (spin.get()) {
                    Thread.onSpinWait();
                  }
                  LockSupport.park();
                  synchronized (monitor) {
                    monitor.wait();
                  }
                  Thread.sleep(TimeUnit.HOURS.toMillis(1));
                }),
            "states");
    see(thread, Thread.State.NEW);
    thread.start();
    see(thread, Thread.State.RUNNABLE);
    spin.set(false);
    see(thread, Thread.State.WAITING);
    synchronized (monitor) {
      LockSupport.unpark(thread);
      see(thread, Thread.State.BLOCKED);
    }
    see(thread, Thread.State.WAITING);
    synchronized (monitor) {
      monitor.notifyAll();
    }
    see(thread, Thread.State.TIMED_WAITING);
    thread.interrupt();
    see(thread, Thread.State.TERMINATED);
    System.out.println("trace of the dead " + thread.getStackTrace().length);
  }

  private static void see(Thread thread, Thread.State state) {
    AdoptionThreads.await(thread, state);
    System.out.println(state + ", alive " + thread.isAlive());
  }

  private static void joins() throws Exception {
    Thread unstarted = new Thread(() -> {});
    unstarted.join();
    unstarted.join(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = AdoptionThreads.start("joined", end::await);
    long start = System.nanoTime();
    thread.join(LIMIT_MILLIS);
    boolean early = System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS - 1);
    System.out.println("timed join " + thread.isAlive() + (early ? ", TOO EARLY" : ""));
    TimeUnit.NANOSECONDS.timedJoin(thread, 1_000_000);
    thread.join(0, 500_000);
    Thread.currentThread().join(1);
    tell("negative join", () -> joined(thread, -1));
    TransparencyWatch[] joiners = new TransparencyWatch[5];
    for (int i = 0; i < joiners.length; i++) {
      joiners[i] = TransparencyWatch.start(() -> joined(thread, 0));
      AdoptionThreads.await(joiners[i].thread(), Thread.State.WAITING);
    }
    end.countDown();
    for (TransparencyWatch joiner : joiners) {
      System.out.println("joiner " + joiner.end());
    }
    System.out.println("after " + joined(thread, 0) + joined(thread, 1));
  }

  private static boolean joined(Thread thread, long millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive();
  }

  private static void interruptedJoins() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = AdoptionThreads.start("long", end::await);
    TransparencyWatch joiner = TransparencyWatch.start(() -> joined(thread, 0));
    AdoptionThreads.await(joiner.thread(), Thread.State.WAITING).interrupt();
    System.out.println("interrupted " + joiner.end());
    end.countDown();
    thread.join();
    Thread.currentThread().interrupt();
    tell("join of the dead, interrupted", () -> joined(thread, 0));
  }

  /** A thread wakes whoever waits on its handle when it ends. */
  private static void handleAsMonitor() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = AdoptionThreads.start("monitor", end::await);
    TransparencyWatch waiter =
        TransparencyWatch.start(
            () -> {
              synchronized (thread) {
                while (thread.isAlive()) {
                  thread.wait();
                }
              }
              return "heard of the end";
            });
    AdoptionThreads.await(waiter.thread(), Thread.State.WAITING);
    end.countDown();
    System.out.println(waiter.end());
  }

  private static void yields() throws Exception {
    AtomicBoolean turn = new AtomicBoolean();
    Thread other = AdoptionThreads.start("other", () -> takeTurns(turn, true));
    AdoptionThreads.run("one", () -> takeTurns(turn, false));
    other.join();
    System.out.println("took turns");
  }

  private static void takeTurns(AtomicBoolean turn, boolean mine) {
    for (int i = 0; i < 1000; i++) {
      while (turn.get() != mine) {
        Thread.yield();
      }
      turn.set(!mine);
    }
  }

  /** Each thread starts the next one and waits for it. */
  private static void generations() throws Exception {
    AdoptionThreads.run("generation 0", () -> generation(1));
  }

  private static void generation(int number) throws InterruptedException {
    if (number == 200) {
      System.out.println("reached " + Thread.currentThread().getName());
    } else {
      AdoptionThreads.run("generation " + number, () -> generation(number + 1));
    }
  }
}
