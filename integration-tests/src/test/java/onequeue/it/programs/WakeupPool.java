package onequeue.it.programs;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pools that are made, given a few tasks and shut down: workers wait for tasks, for the pool's lock
 * and are interrupted, all at once.
 */
final class WakeupPool {
  private static final int LOSSES_TO_STOP_AT = 3;

  private WakeupPool() {}

  static int run(int trials, long deadlineNanos) throws InterruptedException {
    int lost = 0;
    for (int trial = 1; trial <= trials && lost < LOSSES_TO_STOP_AT; trial++) {
      AtomicInteger ran = new AtomicInteger();
      int tasks = 1 + trial % 3;
      int threads = 1 + trial % 2;
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              threads, threads, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>(), r -> daemon(r));
      for (int i = 0; i < tasks; i++) {
        pool.execute(ran::incrementAndGet);
      }
      pool.shutdown();
      if (!pool.awaitTermination(deadlineNanos, TimeUnit.NANOSECONDS) || ran.get() != tasks) {
        lost++;
        System.out.println("lost: trial " + trial + " " + pool);
        pool.shutdownNow();
      }
    }
    return lost;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "worker");
    thread.setDaemon(true);
    return thread;
  }
}
