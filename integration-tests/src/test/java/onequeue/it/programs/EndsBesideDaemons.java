package onequeue.it.programs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends with its standard input, beside daemon threads that wait for no descriptor, in every way
 * there is. Argument: return, exit, or hook, for a shutdown hook that still needs such threads.
 */
public final class EndsBesideDaemons {
  private static final long LONG_SECONDS = 10_000;

  private EndsBesideDaemons() {}

  private interface Wait {
    void run() throws InterruptedException;
  }

  public static void main(String[] args) throws Exception {
    begin("parks", Thread.State.WAITING, EndsBesideDaemons::park);
    begin("sleeps", Thread.State.TIMED_WAITING, () -> TimeUnit.SECONDS.sleep(LONG_SECONDS));
    begin("takes", Thread.State.WAITING, () -> new LinkedBlockingQueue<Integer>().take());
    begin(
        "polls",
        Thread.State.TIMED_WAITING,
        () -> new LinkedBlockingQueue<Integer>().poll(LONG_SECONDS, TimeUnit.SECONDS));
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(1, EndsBesideDaemons::daemon);
    pool.submit(() -> {}).get();
    if (args[0].equals("hook")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> useThe(pool)));
    }
    System.in.read(); // until its end
    System.out.println("ends");
    if (!args[0].equals("return")) {
      System.exit(3);
    }
  }

  private static void park() {
    while (true) {
      LockSupport.park();
    }
  }

  private static void begin(String name, Thread.State waiting, Wait wait) {
    Thread thread = daemon(() -> run(name, wait));
    thread.start();
    while (thread.getState() != waiting) {
      Thread.onSpinWait();
    }
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    return thread;
  }

  private static void run(String name, Wait wait) {
    try {
      wait.run();
      System.out.println(name + " ended early");
    } catch (InterruptedException e) {
      System.out.println(name + " was interrupted");
    }
  }

  private static void useThe(ScheduledExecutorService pool) {
    CountDownLatch done = new CountDownLatch(1);
    pool.schedule(done::countDown, 1, TimeUnit.MILLISECONDS);
    try {
      done.await();
      System.out.println("the pool still works");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
