package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Things done later, or elsewhere: timers, scheduled pools, futures. */
public final class AdoptionTimers {
  private static final long SOON_MILLIS = 15;

  private AdoptionTimers() {}

  /** Prints what was done, and that none of it was done too early. */
  public static void main(String[] args) throws Exception {
    timer();
    cancelledTimer();
    scheduled();
    inOrder();
    futures();
    forkJoin();
  }

  private static void timer() throws Exception {
    Timer timer = new Timer("a timer");
    CountDownLatch thrice = new CountDownLatch(3);
    long start = System.nanoTime();
    timer.schedule(task(thrice::countDown), SOON_MILLIS, SOON_MILLIS);
    thrice.await();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println("timer ran" + (millis < 3 * SOON_MILLIS - 3 ? ", TOO EARLY" : ""));
    CountDownLatch named = new CountDownLatch(1);
    timer.schedule(
        task(
            () -> {
              Thread self = Thread.currentThread();
              System.out.println(self.getName() + " " + self.isDaemon());
              named.countDown();
            }),
        1);
    named.await();
    timer.cancel();
    tell("cancelled", () -> late(timer));
  }

  private static String late(Timer timer) {
    timer.schedule(task(() -> {}), 1);
    return "scheduled";
  }

  private static TimerTask task(Runnable body) {
    return new TimerTask() {
      @Override
      public void run() {
        body.run();
      }
    };
  }

  private static void cancelledTimer() throws Exception {
    Timer timer = new Timer(true);
    AtomicInteger runs = new AtomicInteger();
    TimerTask task = task(runs::incrementAndGet);
    timer.schedule(task, TimeUnit.HOURS.toMillis(1));
    System.out.println("cancel " + task.cancel() + task.cancel());
    CountDownLatch died = new CountDownLatch(1);
    timer.schedule(
        task(
            () -> {
              Thread.currentThread().setUncaughtExceptionHandler((t, e) -> died.countDown());
              throw new IllegalStateException("kills the timer");
            }),
        1);
    died.await();
    System.out.println("runs " + runs);
  }

  private static void scheduled() throws Exception {
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(2);
    pool.setRemoveOnCancelPolicy(true);
    CountDownLatch five = new CountDownLatch(5);
    ScheduledFuture<?> rate =
        pool.scheduleAtFixedRate(five::countDown, 1, 3, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> delay =
        pool.scheduleWithFixedDelay(five::countDown, 1, 3, TimeUnit.MILLISECONDS);
    five.await();
    System.out.println("cancelled " + rate.cancel(false) + delay.cancel(false));
    ScheduledFuture<?> failing =
        pool.scheduleAtFixedRate(
            () -> {
              throw new IllegalStateException("once");
            },
            1,
            1,
            TimeUnit.MILLISECONDS);
    tell("failing", failing::get);
    long start = System.nanoTime();
    System.out.print(pool.schedule(() -> "scheduled", SOON_MILLIS, TimeUnit.MILLISECONDS).get());
    boolean early = System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS);
    System.out.println(early ? ", TOO EARLY" : "");
    ScheduledFuture<String> never = pool.schedule(() -> "never", 1, TimeUnit.HOURS);
    System.out.println("delay left " + (never.getDelay(TimeUnit.MINUTES) > 50));
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    pool.shutdown();
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS) + " " + never.isCancelled());
  }

  /** One thread: what is due earlier runs earlier, whatever was asked first. */
  private static void inOrder() throws Exception {
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
    StringBuffer order = new StringBuffer();
    long first = System.nanoTime() + 300_000_000;
    for (int i : new int[] {3, 1, 5, 2, 4}) {
      long due = first + 20_000_000L * i; // however long this thread is held up between two
      pool.schedule(() -> order.append(i), due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    pool.shutdown();
    pool.awaitTermination(30, TimeUnit.SECONDS);
    System.out.println("order " + order);
  }

  private static void futures() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    CompletableFuture<Integer> one = CompletableFuture.supplyAsync(() -> slow(1), pool);
    CompletableFuture<Integer> two = CompletableFuture.supplyAsync(() -> slow(2));
    System.out.println("sum " + one.thenCombineAsync(two, Integer::sum, pool).join());
    tell("failed", one.thenApplyAsync(n -> Integer.parseInt("no number " + n), pool)::join);
    System.out.println(
        "mended "
            + one.thenApply(n -> Integer.parseInt("no number " + n)).exceptionally(e -> -1).get());
    CompletableFuture<String> never = new CompletableFuture<>();
    tell("late", () -> never.orTimeout(5, TimeUnit.MILLISECONDS).get());
    System.out.println(
        "instead "
            + new CompletableFuture<String>()
                .completeOnTimeout("default", 5, TimeUnit.MILLISECONDS)
                .join());
    System.out.println(
        "delayed "
            + CompletableFuture.supplyAsync(
                    () -> "done", CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, pool))
                .join());
    CompletableFuture<String> set = new CompletableFuture<>();
    TransparencyWatch waiter = TransparencyWatch.start(set::get);
    AdoptionThreads.await(waiter.thread(), Thread.State.WAITING);
    set.complete("completed");
    System.out.println("waiter " + waiter.end());
    pool.shutdown();
  }

  private static int slow(int number) {
    try {
      Thread.sleep(number);
      return number;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void forkJoin() throws Exception {
    System.out.println("parallel " + LongStream.range(0, 100_000).parallel().sum());
    ForkJoinPool pool = new ForkJoinPool(3);
    System.out.println("tree " + pool.invoke(new Tree(10)));
    AdoptionThreads.run(
        "caller", () -> System.out.println("from a thread " + pool.invoke(new Tree(8))));
    pool.shutdown();
    System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
  }

  private static final class Tree extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1;
    private final int height;

    Tree(int height) {
      this.height = height;
    }

    @Override
    protected Integer compute() {
      if (height == 0) {
        return 1;
      }
      Tree left = new Tree(height - 1);
      left.fork();
      return new Tree(height - 1).compute() + left.join();
    }
  }
}
