package onequeue.it.programs;

import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Waits for another thread, process or selector in the ways that the JDK offers, one after the
 * other, each made by a thread that has the wait's name and ended by {@code main}, by {@code peer}
 * or by the clock. Prints what the threads saw.
 */
public final class Meetings {
  private static final int SHORT_MILLIS = 30;

  private static boolean virtual;

  private Meetings() {}

  /** What ends a wait. */
  private interface Ender {
    void end(Thread waiter) throws Exception;
  }

  /** Its monitor is waited for; by this name it is known in a recording. */
  private static final class Shared {}

  /**
   * @param args {@code platform} or {@code virtual}, the kind of thread that waits
   */
  public static void main(String[] args) throws Exception {
    virtual = args[0].equals("virtual");
    monitors();
    joins();
    processes();
    utilities();
    selectors();
    schedule();
  }

  private static void monitors() throws Exception {
    Shared shared = new Shared();
    Thread first;
    synchronized (shared) {
      first = start("enter", () -> enter(shared));
      TransparencyWatch.settle(first);
    }
    first.join();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread peer = start("peer", () -> hold(shared, held, over));
    held.await();
    wait("enter-of-peer", () -> enter(shared), waiter -> over.countDown());
    peer.join();
    wait("notified", () -> await(shared, 0), waiter -> wake(shared));
    wait("notified-in-time", () -> await(shared, 60_000), waiter -> wake(shared));
    wait("wait-interrupted", () -> await(shared, 0), Thread::interrupt);
    waitForTheClock("wait-timed-out", () -> await(shared, SHORT_MILLIS));
  }

  private static String enter(Shared shared) {
    synchronized (shared) {
      return "in";
    }
  }

  private static String hold(Shared shared, CountDownLatch held, CountDownLatch over)
      throws InterruptedException {
    synchronized (shared) {
      held.countDown();
      over.await();
      return "held";
    }
  }

  private static String await(Shared shared, long millis) throws InterruptedException {
    synchronized (shared) {
      shared.wait(millis);
      return "back";
    }
  }

  private static void wake(Shared shared) {
    synchronized (shared) {
      shared.notify();
    }
  }

  private static void joins() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Thread peer = start("peer", () -> over.await(60, TimeUnit.SECONDS));
    waitForTheClock("join-timed-out", () -> join(peer, SHORT_MILLIS));
    wait("join-interrupted", () -> join(peer, 0), Thread::interrupt);
    wait("join", () -> join(peer, 0), waiter -> over.countDown());
  }

  private static String join(Thread thread, long millis) throws InterruptedException {
    thread.join(millis);
    return "joined";
  }

  private static void processes() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    waitForTheClock("process-timed-out", () -> cat.waitFor(SHORT_MILLIS, TimeUnit.MILLISECONDS));
    wait("process", cat::waitFor, waiter -> cat.getOutputStream().close());
  }

  private static void utilities() throws Exception {
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    wait("take", queue::take, waiter -> queue.add("it"));
    waitForTheClock("poll-timed-out", () -> queue.poll(SHORT_MILLIS, TimeUnit.MILLISECONDS));
    wait("take-interrupted", queue::take, Thread::interrupt);
    FutureTask<String> future = new FutureTask<>(() -> "done");
    wait("future", future::get, waiter -> start("peer", () -> runs(future, waiter)));
    CountDownLatch latch = new CountDownLatch(1);
    wait(
        "latch",
        () -> {
          latch.await();
          return "open";
        },
        waiter -> latch.countDown());
    CompletableFuture<String> never = new CompletableFuture<>();
    waitForTheClock("completable-timed-out", () -> never.get(SHORT_MILLIS, TimeUnit.MILLISECONDS));
    CompletableFuture<String> soon = new CompletableFuture<>();
    wait("completable", () -> soon.get(60, TimeUnit.SECONDS), waiter -> soon.complete("it"));
  }

  /** And stays: a thread that has ended cannot be named in a recording of JDK 17. */
  private static String runs(Runnable task, Thread waiter) throws InterruptedException {
    task.run();
    waiter.join();
    return "both";
  }

  private static void selectors() throws Exception {
    try (Selector selector = Selector.open()) {
      waitForTheClock("select-timed-out", () -> selector.select(SHORT_MILLIS));
      wait("select-wakeup", () -> selector.select(60_000), waiter -> selector.wakeup());
      wait("select-interrupted", () -> selector.select(60_000), Thread::interrupt);
    }
  }

  /** The one thread of the pool waits until the task is due. */
  private static void schedule() throws Exception {
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(1, task -> unstarted("scheduled", task));
    System.out.println(
        "scheduled: " + pool.schedule(() -> "due", 5L * SHORT_MILLIS, TimeUnit.MILLISECONDS).get());
    pool.shutdown();
    pool.awaitTermination(60, TimeUnit.SECONDS);
  }

  private static void waitForTheClock(String name, Callable<?> call) throws Exception {
    wait(name, call, null);
  }

  private static void wait(String name, Callable<?> call, Ender ender) throws Exception {
    List<String> outcome = new ArrayList<>();
    Thread waiter = start(name, () -> outcome.add(TransparencyWatch.outcome(call)));
    if (ender != null) {
      TransparencyWatch.settle(waiter);
      ender.end(waiter);
    }
    waiter.join();
    System.out.println(name + ": " + outcome);
  }

  private static Thread start(String name, Callable<?> call) {
    Thread thread = unstarted(name, () -> TransparencyWatch.outcome(call));
    thread.start();
    return thread;
  }

  /** By reflection: this is compiled for Java 17. */
  private static Thread unstarted(String name, Runnable body) {
    if (!virtual) {
      return new Thread(body, name);
    }
    try {
      Class<?> builders = Class.forName("java.lang.Thread$Builder");
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      builders.getMethod("name", String.class).invoke(builder, name);
      return (Thread) builders.getMethod("unstarted", Runnable.class).invoke(builder, body);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
