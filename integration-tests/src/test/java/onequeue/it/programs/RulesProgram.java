package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** Threads that differ in name, class, task and origin wait until standard input is closed. */
public final class RulesProgram {
  private static final long LARGE_STACK_BYTES = 8L << 20;
  private static final CountDownLatch END = new CountDownLatch(1);
  private static final CountDownLatch STARTED = new CountDownLatch(8);

  private RulesProgram() {}

  /** A thread class of the program's own. */
  private static final class Legacy extends Thread {
    Legacy(String name) {
      super(name);
    }

    @Override
    public void run() {
      waitForTheEnd();
    }
  }

  /** A task class of the program's own. */
  private static final class Job implements Runnable {
    @Override
    public void run() {
      waitForTheEnd();
    }
  }

  /** A worker class of the program's own. */
  private static final class Forker extends ForkJoinWorkerThread {
    Forker(ForkJoinPool pool) {
      super(pool);
      setName("forker");
    }
  }

  public static void main(String[] args) throws Exception {
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(RulesProgram::waitForTheEnd, "web-1"));
    threads.add(new Thread(RulesProgram::waitForTheEnd, "web-2"));
    threads.add(new Thread(RulesProgram::waitForTheEnd, "db-1"));
    threads.add(new Legacy("legacy"));
    threads.add(new Thread(new Job(), "job"));
    threads.add(new Thread(null, RulesProgram::waitForTheEnd, "deep", LARGE_STACK_BYTES));
    threads.forEach(Thread::start);
    ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "pooled"));
    pool.execute(RulesProgram::waitForTheEnd);
    ForkJoinPool forks = new ForkJoinPool(1, Forker::new, null, true);
    forks.execute(RulesProgram::waitForTheEnd);
    STARTED.await();
    System.out.println("all wait");
    System.in.read();
    END.countDown();
    pool.shutdown();
    forks.shutdown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void waitForTheEnd() {
    STARTED.countDown();
    try {
      END.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
