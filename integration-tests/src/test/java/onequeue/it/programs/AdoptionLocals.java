package onequeue.it.programs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Thread locals: one value a thread, and those that children inherit. */
public final class AdoptionLocals {
  private static final ThreadLocal<String> PLAIN = ThreadLocal.withInitial(() -> "initial");
  private static final InheritableThreadLocal<String> INHERITED = new Inherited();

  /** Says who made the child's value. */
  private static final class Inherited extends InheritableThreadLocal<String> {
    @Override
    protected String childValue(String parentValue) {
      return parentValue + ", by way of " + Thread.currentThread().getName();
    }
  }

  private AdoptionLocals() {}

  /** Prints the values that threads see. */
  public static void main(String[] args) throws Exception {
    PLAIN.set("of main");
    AdoptionThreads.run("plain", AdoptionLocals::plain);
    System.out.println("main has " + PLAIN.get());
    inherited();
    refused();
    pools();
    many();
    AdoptionThreads.run("read lock", AdoptionLocals::readLocks);
  }

  private static void plain() throws InterruptedException {
    System.out.println("at first " + PLAIN.get());
    PLAIN.set("of a thread");
    Thread.sleep(1);
    System.out.println("after a wait " + PLAIN.get());
    PLAIN.remove();
    System.out.println("removed " + PLAIN.get());
    AdoptionThreads.run("child", () -> System.out.println("in its child " + PLAIN.get()));
  }

  private static void inherited() throws Exception {
    INHERITED.set("of main");
    Thread made = new Thread(() -> System.out.println("inherits " + INHERITED.get()));
    INHERITED.set("of main, later");
    made.start();
    made.join();
    AdoptionThreads.run(
        "parent",
        () -> {
          INHERITED.set("of " + Thread.currentThread().getName());
          AdoptionThreads.run(
              "child",
              () -> {
                System.out.println("grandchild inherits " + INHERITED.get());
                INHERITED.set("of the child");
              });
          System.out.println("the parent keeps " + INHERITED.get());
        });
    INHERITED.remove();
    AdoptionThreads.run("orphan", () -> System.out.println("nothing " + INHERITED.get()));
  }

  private static void refused() throws Exception {
    INHERITED.set("of main");
    Runnable task = () -> System.out.println("does not inherit " + INHERITED.get());
    Thread thread = new Thread(null, task, "refuses", 0, false);
    thread.start();
    thread.join();
  }

  private static void pools() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.submit(() -> PLAIN.set("of a task")).get();
    System.out.println("the next task sees " + pool.submit(PLAIN::get).get());
    pool.shutdown();
  }

  /** Many threads, each waiting often: no value may wander from one to another. */
  private static void many() throws Exception {
    int threads = 100;
    AtomicInteger right = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch all = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      String mine = "thread " + i;
      Future<?> unused =
          pool.submit(
              AdoptionThreads.task(
                  () -> {
                    PLAIN.set(mine);
                    all.countDown();
                    all.await();
                    for (int n = 0; n < 50; n++) {
                      Thread.yield();
                      right.addAndGet(PLAIN.get().equals(mine) ? 1 : 0);
                    }
                  }));
    }
    pool.shutdown();
    pool.awaitTermination(30, java.util.concurrent.TimeUnit.SECONDS);
    System.out.println("right " + right);
  }

  /** The JDK counts read locks by thread, in thread locals of its own. */
  private static void readLocks() throws InterruptedException {
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    lock.readLock().lock();
    lock.readLock().lock();
    AdoptionThreads.run(
        "other",
        () -> System.out.println(lock.getReadHoldCount() + " of " + lock.getReadLockCount()));
    System.out.println(lock.getReadHoldCount() + " of " + lock.getReadLockCount());
  }
}
