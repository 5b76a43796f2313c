package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Threads meet: permits, latches, barriers, phasers, exchanges and hand-overs. */
public final class AdoptionMeetings {
  private static final int THREADS = 10;
  private static final int TIMES = 500;
  private static final String BLOCKER = "a blocker";

  private AdoptionMeetings() {}

  /** Lets the questions be asked that are for subclasses. */
  private static final class Permits extends Semaphore {
    private static final long serialVersionUID = 1;

    Permits() {
      super(0, true);
    }

    Collection<Thread> queued() {
      return getQueuedThreads();
    }
  }

  /** Prints what came of the meetings. */
  public static void main(String[] args) throws Exception {
    permits();
    parks();
    latch();
    barrier();
    phaser();
    exchanger();
    handOver();
    delays();
  }

  private static List<Thread> start(String name, AdoptionThreads.Body body) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(AdoptionThreads.start(name + " " + i, body));
    }
    return threads;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void permits() throws Exception {
    Permits permits = new Permits();
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads =
        start(
            "taker",
            () -> {
              permits.acquire(2);
              taken.incrementAndGet();
            });
    AdoptionThreads.until("queued", () -> permits.getQueueLength() == THREADS);
    System.out.println("handles " + permits.queued().containsAll(threads));
    permits.release(5);
    AdoptionThreads.until("two", () -> taken.get() == 2 && permits.availablePermits() == 1);
    System.out.println("left " + permits.getQueueLength());
    permits.release(2 * THREADS - 5);
    join(threads);
    System.out.println("taken " + taken + " " + permits.availablePermits());
    tell("in time", () -> permits.tryAcquire(1, TimeUnit.MILLISECONDS));
  }

  /** By handle, both ways, as fast as they can. */
  private static void parks() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    Thread[] players = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int mine = i;
      players[i] =
          new Thread(
              () -> {
                for (int n = 0; n < 20 * TIMES; n++) {
                  while (turn.get() % 2 != mine) {
                    LockSupport.park(turn);
                  }
                  turn.incrementAndGet();
                  LockSupport.unpark(players[1 - mine]);
                }
              },
              "player " + i);
    }
    for (Thread player : players) {
      player.start();
    }
    for (Thread player : players) {
      player.join();
    }
    System.out.println("turns " + turn);
    TransparencyWatch watch = TransparencyWatch.start(AdoptionMeetings::parkTwice);
    AdoptionThreads.until(
        "its second park", () -> BLOCKER.equals(LockSupport.getBlocker(watch.thread())));
    LockSupport.unpark(watch.thread());
    System.out.println(watch.end() + " " + LockSupport.getBlocker(watch.thread()));
  }

  private static String parkTwice() {
    LockSupport.unpark(Thread.currentThread());
    LockSupport.park("not waited for");
    LockSupport.park(BLOCKER);
    return "unparked";
  }

  private static void latch() throws Exception {
    CountDownLatch latch = new CountDownLatch(THREADS);
    join(start("counter", latch::countDown));
    latch.await();
    System.out.println("latch " + latch.getCount());
    tell("alone", () -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
  }

  private static void barrier() throws Exception {
    AtomicInteger trips = new AtomicInteger();
    CyclicBarrier barrier = new CyclicBarrier(THREADS, trips::incrementAndGet);
    AtomicInteger last = new AtomicInteger();
    join(
        start(
            "party",
            () -> {
              for (int i = 0; i < TIMES / 10; i++) {
                last.addAndGet(barrier.await() == 0 ? 1 : 0);
              }
            }));
    System.out.println("trips " + trips + " last " + last);
    TransparencyWatch one = TransparencyWatch.start(barrier::await);
    TransparencyWatch two = TransparencyWatch.start(barrier::await);
    AdoptionThreads.until("both", () -> barrier.getNumberWaiting() == 2);
    one.thread().interrupt();
    System.out.println(one.end() + " and " + two.end() + " " + barrier.isBroken());
    barrier.reset();
    tell("timed", () -> barrier.await(1, TimeUnit.MILLISECONDS));
  }

  private static void phaser() throws Exception {
    Phaser phaser = new Phaser(1);
    phaser.bulkRegister(THREADS);
    List<Thread> threads =
        start(
            "phased",
            () -> {
              for (int i = 0; i < TIMES / 10; i++) {
                phaser.arriveAndAwaitAdvance();
              }
              phaser.arriveAndDeregister();
            });
    phaser.arriveAndDeregister();
    join(threads);
    System.out.println(phaser.isTerminated() + " " + (phaser.getPhase() - Integer.MIN_VALUE));
    Phaser waiting = new Phaser(1);
    TransparencyWatch watch = TransparencyWatch.start(() -> waiting.awaitAdvanceInterruptibly(0));
    AdoptionThreads.await(watch.thread(), Thread.State.WAITING).interrupt();
    System.out.println(watch.end());
  }

  private static void exchanger() throws Exception {
    Exchanger<Integer> exchanger = new Exchanger<>();
    AtomicInteger sum = new AtomicInteger();
    AdoptionThreads.Body body =
        () -> {
          for (int i = 0; i < TIMES; i++) {
            sum.addAndGet(exchanger.exchange(i));
          }
        };
    Thread one = AdoptionThreads.start("one", body);
    AdoptionThreads.run("two", body);
    one.join();
    System.out.println("exchanged " + sum);
    tell("alone", () -> exchanger.exchange(1, 1, TimeUnit.MILLISECONDS));
  }

  private static void handOver() throws Exception {
    for (boolean fair : new boolean[] {true, false}) {
      SynchronousQueue<Integer> queue = new SynchronousQueue<>(fair);
      AtomicInteger sum = new AtomicInteger();
      List<Thread> takers =
          start(
              "taker",
              () -> {
                for (int i = 0; i < TIMES / 5; i++) {
                  sum.addAndGet(queue.take());
                }
              });
      join(
          start(
              "giver",
              () -> {
                for (int i = 0; i < TIMES / 5; i++) {
                  queue.put(i);
                }
              }));
      join(takers);
      System.out.println("handed over " + sum + " " + queue.offer(1) + queue.poll());
    }
    LinkedTransferQueue<String> transfer = new LinkedTransferQueue<>();
    TransparencyWatch watch = TransparencyWatch.start(transfer::take);
    AdoptionThreads.until("waits", transfer::hasWaitingConsumer);
    transfer.transfer("transferred");
    System.out.println(watch.end());
  }

  private record Later(int number, long dueNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(dueNanos, ((Later) other).dueNanos);
    }
  }

  private static void delays() throws Exception {
    DelayQueue<Later> queue = new DelayQueue<>();
    StringBuffer order = new StringBuffer();
    Thread taker =
        AdoptionThreads.start(
            "taker",
            () -> {
              for (int i = 0; i < 3; i++) {
                Later later = queue.take();
                boolean early = System.nanoTime() < later.dueNanos;
                order.append(later.number).append(early ? ", TOO EARLY" : " ");
              }
            });
    long now = System.nanoTime();
    for (int number : new int[] {3, 1, 2}) {
      queue.put(new Later(number, now + TimeUnit.MILLISECONDS.toNanos(10L * number)));
    }
    taker.join();
    System.out.println("delayed " + order);
  }
}
