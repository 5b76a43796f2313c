package onequeue.it.programs;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that wake one another without end, and others that the main thread wakes: prints how many
 * turns the former had between such a wake-up and the turn of the one who was woken, in the median.
 */
public final class StormTurns {
  private static final int BUSY = 10;
  private static final int WOKEN = 2000;

  private static final AtomicLong TURNS = new AtomicLong();
  private static final long[] WOKEN_AT = new long[WOKEN];
  private static final long[] RAN_AT = new long[WOKEN];

  private static volatile boolean awake;
  private static volatile boolean over;

  private StormTurns() {}

  public static void main(String[] args) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(WOKEN);
    CountDownLatch ran = new CountDownLatch(WOKEN);
    Thread[] woken = new Thread[WOKEN];
    for (int i = 0; i < WOKEN; i++) {
      int number = i;
      woken[i] = new Thread(() -> sleepUntilWoken(number, ready, ran));
      woken[i].start();
    }
    ready.await();
    Thread[] busy = new Thread[BUSY];
    for (int i = 0; i < BUSY; i++) {
      int next = (i + 1) % BUSY;
      busy[i] = new Thread(() -> passOn(busy, next));
    }
    for (Thread each : busy) {
      each.start();
    }
    awake = true;
    for (int i = 0; i < WOKEN; i++) {
      WOKEN_AT[i] = TURNS.get();
      LockSupport.unpark(woken[i]);
    }
    ran.await();
    over = true;
    long[] waited = new long[WOKEN];
    Arrays.setAll(waited, i -> RAN_AT[i] - WOKEN_AT[i]);
    Arrays.sort(waited);
    System.out.println("turns " + waited[WOKEN / 2]);
  }

  private static void sleepUntilWoken(int number, CountDownLatch ready, CountDownLatch ran) {
    ready.countDown();
    while (!awake) {
      LockSupport.park();
    }
    RAN_AT[number] = TURNS.get();
    ran.countDown();
  }

  private static void passOn(Thread[] busy, int next) {
    while (!over) {
      TURNS.incrementAndGet();
      LockSupport.unpark(busy[next]);
      LockSupport.park();
    }
    LockSupport.unpark(busy[next]);
  }
}
