package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Thread pools: their threads, their hooks, how they grow, shrink and end. */
public final class AdoptionPools {
  private static final Set<Thread> MADE = ConcurrentHashMap.newKeySet();

  private AdoptionPools() {}

  /** Prints what a pool did. */
  public static void main(String[] args) throws Exception {
    hooks();
    growth();
    shrinking();
    rejection();
    shutdownNow();
    defaultFactory();
    together();
    deadWorkers();
  }

  private static ThreadFactory factory() {
    return task -> {
      Thread thread = new Thread(task, "made " + MADE.size());
      MADE.add(thread);
      return thread;
    };
  }

  /** Tells the thread that the pool names from the one that runs. */
  private static final class Hooked extends ThreadPoolExecutor {
    Hooked() {
      super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), factory());
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
      boolean same = thread == Thread.currentThread();
      System.out.println("before " + same + MADE.contains(thread) + " " + thread.getName());
    }

    @Override
    protected void afterExecute(Runnable task, Throwable e) {
      System.out.println("after " + e + " " + Thread.currentThread().getName());
    }

    @Override
    protected void terminated() {
      System.out.println("terminated " + getCompletedTaskCount());
    }
  }

  private static void hooks() throws Exception {
    Hooked pool = new Hooked();
    pool.submit(() -> System.out.println("task of " + Thread.currentThread().getName())).get();
    pool.execute(() -> System.out.println("second task"));
    pool.shutdown();
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
  }

  private static void growth() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(2, 5, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(3), factory());
    CountDownLatch end = new CountDownLatch(1);
    List<Future<Boolean>> results = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      results.add(pool.submit(() -> end.await(30, TimeUnit.SECONDS)));
      System.out.println(pool.getPoolSize() + " threads " + pool.getQueue().size() + " queued");
    }
    AdoptionThreads.until("all active", () -> pool.getActiveCount() == 4);
    end.countDown();
    for (Future<Boolean> result : results) {
      result.get();
    }
    pool.shutdown();
    System.out.println(
        pool.awaitTermination(30, TimeUnit.SECONDS) + " " + pool.getLargestPoolSize());
  }

  private static void shrinking() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(3, 3, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), factory());
    pool.allowCoreThreadTimeOut(true);
    MADE.clear();
    pool.prestartAllCoreThreads();
    System.out.println("made " + MADE.size());
    pool.setKeepAliveTime(5, TimeUnit.MILLISECONDS);
    AdoptionThreads.until("shrunk", () -> pool.getPoolSize() == 0);
    for (Thread thread : MADE) {
      thread.join();
    }
    System.out.println("gone, and back: " + pool.submit(() -> "back").get());
    pool.shutdown();
  }

  private static void rejection() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), factory());
    CountDownLatch end = new CountDownLatch(1);
    pool.execute(AdoptionThreads.task(end::await));
    try {
      pool.execute(() -> System.out.println("run all the same"));
    } catch (RejectedExecutionException e) {
      System.out.println("rejected");
    }
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
    pool.execute(() -> System.out.println("run by " + Thread.currentThread().getName()));
    end.countDown();
    pool.shutdown();
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
  }

  private static void shutdownNow() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2, factory());
    CountDownLatch started = new CountDownLatch(2);
    Callable<String> endless =
        () -> {
          started.countDown();
          Thread.sleep(3_600_000);
          return "slept";
        };
    Future<String> first = pool.submit(endless);
    pool.submit(endless);
    pool.submit(endless);
    started.await();
    System.out.println("never run " + pool.shutdownNow().size());
    tell("interrupted", first::get);
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS) + " " + pool.isTerminated());
  }

  private static void defaultFactory() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    System.out.println(
        pool.submit(
                () -> {
                  Thread self = Thread.currentThread();
                  String name = self.getName().replaceAll("pool-[0-9]+", "pool");
                  return name + self.isDaemon() + self.getPriority() + self.getThreadGroup();
                })
            .get());
    pool.shutdown();
  }

  private static void together() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool(factory());
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      tasks.add(
          () -> {
            Thread.sleep(1 + number % 3);
            return number;
          });
    }
    int sum = 0;
    for (Future<Integer> result : pool.invokeAll(tasks)) {
      sum += result.get();
    }
    System.out.println("all " + sum + " any " + (pool.invokeAny(tasks) < 50));
    System.out.println(
        "in time "
            + pool.invokeAll(List.of(forever()), 5, TimeUnit.MILLISECONDS).get(0).isCancelled());
    ExecutorCompletionService<Integer> completed = new ExecutorCompletionService<>(pool);
    tasks.forEach(completed::submit);
    for (Callable<Integer> task : tasks) {
      sum -= completed.take().get();
    }
    System.out.println("left " + sum);
    pool.shutdown();
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
  }

  private static Callable<String> forever() {
    return () -> {
      Thread.sleep(3_600_000);
      return "slept";
    };
  }

  /** A worker that dies of its task is replaced. */
  private static void deadWorkers() throws Exception {
    MADE.clear();
    Set<String> died = ConcurrentHashMap.newKeySet();
    ThreadFactory quiet =
        task -> {
          Thread thread = factory().newThread(task);
          thread.setUncaughtExceptionHandler(
              (t, e) -> died.add(t.getName() + " " + e.getMessage()));
          return thread;
        };
    ExecutorService pool = Executors.newSingleThreadExecutor(quiet);
    for (int i = 0; i < 3; i++) {
      pool.execute(
          () -> {
            throw new IllegalStateException("dies");
          });
    }
    System.out.println(pool.submit(() -> "lives").get() + " " + MADE.size());
    pool.shutdown();
    for (Thread thread : MADE) {
      thread.join();
    }
    System.out.println(new TreeSet<>(died) + " " + pool.isTerminated());
  }
}
