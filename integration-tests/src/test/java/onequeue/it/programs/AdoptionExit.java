package onequeue.it.programs;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How the process ends: by its last thread that is no daemon, by exit, by a signal. */
public final class AdoptionExit {
  private AdoptionExit() {}

  /**
   * @param args how to end
   */
  public static void main(String[] args) throws Exception {
    System.out.println("ends by " + args[0]);
    switch (args[0]) {
      case "worker-exit" -> worker(() -> System.exit(7));
      case "worker-halt" -> worker(() -> Runtime.getRuntime().halt(8));
      case "worker-dies" -> worker(AdoptionExit::fail);
      case "main-dies" -> mainDies();
      case "grandchild" -> grandchild();
      case "daemon-children" -> daemonChildren();
      case "daemons-only" -> daemonsOnly();
      case "pool" -> pool();
      case "timer" -> timer();
      case "graceful" -> graceful();
      case "hook-starts-threads" -> hookStartsThreads();
      case "signal" -> signal();
      case "exit-in-handler" -> exitInHandler();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      System.out.println(Thread.currentThread().getName() + " was interrupted");
    }
  }

  private static void fail() {
    throw new IllegalStateException("for nobody");
  }

  /** Beside others that wait for ever, and under a hook that itself waits. */
  private static void worker(Runnable end) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(9);
    for (int i = 0; i < 9; i++) {
      Thread thread =
          new Thread(
              () -> {
                started.countDown();
                LockSupport.park();
              });
      thread.setDaemon(true);
      thread.start();
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  sleep(1);
                  System.out.println("hook");
                }));
    started.await();
    new Thread(end, "worker").start();
  }

  private static void mainDies() {
    new Thread(
            () -> {
              AdoptionThreads.until("main is gone", () -> !mainLives());
              System.out.println("outlives main");
            })
        .start();
    fail();
  }

  private static boolean mainLives() {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("main"));
  }

  private static void grandchild() {
    Runnable last =
        () -> {
          sleep(30);
          System.out.println("the last one");
        };
    new Thread(() -> new Thread(() -> new Thread(last).start()).start()).start();
  }

  /** They take after their parent, unless told otherwise. */
  private static void daemonChildren() throws InterruptedException {
    CountDownLatch made = new CountDownLatch(1);
    Thread parent =
        new Thread(
            () -> {
              Thread child = new Thread(() -> LockSupport.parkNanos(Long.MAX_VALUE));
              System.out.println("child is a daemon " + child.isDaemon());
              child.start();
              Thread other = new Thread(AdoptionExit::lastWords);
              other.setDaemon(false);
              other.start();
              made.countDown();
              LockSupport.parkNanos(Long.MAX_VALUE);
            });
    parent.setDaemon(true);
    parent.start();
    made.await();
  }

  private static void lastWords() {
    sleep(20);
    System.out.println("the one that is no daemon");
  }

  /** In every kind of wait, and computing. */
  private static void daemonsOnly() throws Exception {
    var pair = TransparencyOps.sockets();
    CountDownLatch started = new CountDownLatch(4);
    AdoptionThreads.Body[] bodies = {
      () -> Thread.sleep(3_600_000),
      () -> pair[0].getInputStream().read(),
      LockSupport::park,
      () -> AdoptionThreads.until("never", () -> false)
    };
    for (AdoptionThreads.Body body : bodies) {
      Thread thread =
          new Thread(
              AdoptionThreads.task(
                  () -> {
                    started.countDown();
                    body.run();
                  }));
      thread.setDaemon(true);
      thread.start();
    }
    started.await();
  }

  /** A pool that is shut down lets the process end when its tasks are done. */
  private static void pool() {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    for (int i = 0; i < 6; i++) {
      pool.execute(() -> sleep(5));
    }
    pool.execute(() -> System.out.println("last task"));
    pool.shutdown();
  }

  private static void timer() {
    Timer timer = new Timer();
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            System.out.println("the timer's last");
            timer.cancel();
          }
        },
        20);
  }

  /** A hook that ends the workers and waits for them, as servers do. */
  private static void graceful() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Thread worker =
        AdoptionThreads.start(
            "worker",
            () -> {
              started.countDown();
              sleep(3_600_000);
              sleep(5);
              System.out.println("worker has cleaned up");
            });
    ExecutorService pool = Executors.newFixedThreadPool(2);
    pool.execute(() -> sleep(20));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                AdoptionThreads.task(
                    () -> {
                      worker.interrupt();
                      worker.join();
                      pool.shutdown();
                      System.out.println("pool " + pool.awaitTermination(30, TimeUnit.SECONDS));
                    })));
    started.await();
    System.exit(4);
  }

  private static void hookStartsThreads() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                AdoptionThreads.task(
                    () -> {
                      AdoptionThreads.run("by a hook", () -> System.out.println("started late"));
                      ExecutorService pool = Executors.newCachedThreadPool();
                      System.out.println(pool.submit(() -> "pool made late").get());
                      pool.shutdownNow();
                    })));
  }

  private static void signal() throws Exception {
    Thread worker = AdoptionThreads.start("worker", LockSupport::park);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                AdoptionThreads.task(
                    () -> {
                      LockSupport.unpark(worker);
                      worker.join();
                      System.out.println("worker has ended");
                    })));
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("kill", "-TERM", String.valueOf(pid)).inheritIO().start();
  }

  private static void exitInHandler() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          System.out.println(thread.getName() + " " + e.getMessage());
          System.exit(6);
        });
    new Thread(AdoptionExit::fail, "worker").start();
    LockSupport.park();
  }
}
