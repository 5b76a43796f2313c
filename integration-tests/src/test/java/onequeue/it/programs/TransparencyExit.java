package onequeue.it.programs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The ways a program ends. */
public final class TransparencyExit {
  private TransparencyExit() {}

  /**
   * @param args how to end
   */
  public static void main(String[] args) throws Exception {
    System.out.println("ends by " + args[0]);
    Runtime.getRuntime().addShutdownHook(new Thread(TransparencyExit::hook));
    switch (args[0]) {
      case "exit" -> exitWhileOthersWait();
      case "halt" -> Runtime.getRuntime().halt(9);
      case "uncaught" -> throw new IllegalStateException("for nobody");
      case "uncaught-in-thread" -> new Thread(TransparencyExit::fail, "failing").start();
      case "handler" -> handled();
      case "daemon" -> daemon();
      case "non-daemon" -> nonDaemon();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void hook() {
    LockSupport.parkNanos(1_000_000);
    System.out.println("shutdown hook");
  }

  private static void fail() {
    throw new IllegalStateException("for nobody");
  }

  private static void exitWhileOthersWait() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(9);
    for (int i = 0; i < 9; i++) {
      new Thread(
              () -> {
                started.countDown();
                LockSupport.park();
              })
          .start();
    }
    started.await();
    System.exit(42);
  }

  private static void handled() throws InterruptedException {
    Thread thread = new Thread(TransparencyExit::fail, "failing");
    thread.setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " " + e));
    thread.start();
    thread.join();
  }

  private static void daemon() {
    Thread thread = new Thread(() -> LockSupport.parkNanos(Long.MAX_VALUE));
    thread.setDaemon(true);
    thread.start();
  }

  private static void nonDaemon() {
    new Thread(
            () -> {
              LockSupport.parkNanos(30_000_000);
              System.out.println("main is gone");
            })
        .start();
  }
}
