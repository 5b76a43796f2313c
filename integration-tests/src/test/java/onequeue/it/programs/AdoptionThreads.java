package onequeue.it.programs;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Threads for the programs about threads, and what it takes to meet them without a race. */
final class AdoptionThreads {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** What a thread does; what it throws is printed. */
  interface Body {
    void run() throws Exception;
  }

  private AdoptionThreads() {}

  static Runnable task(Body body) {
    return () -> {
      try {
        body.run();
      } catch (Exception e) {
        System.out.println(Thread.currentThread().getName() + " threw " + e);
      }
    };
  }

  static Thread start(String name, Body body) {
    Thread thread = new Thread(task(body), name);
    thread.start();
    return thread;
  }

  /** Starts a thread and waits for its end. */
  static void run(String name, Body body) throws InterruptedException {
    start(name, body).join();
  }

  static Thread await(Thread thread, Thread.State state) {
    until(thread.getName() + " is " + state, () -> thread.getState() == state);
    return thread;
  }

  /** Spins: what the programs test must not be what they meet by. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("in vain: " + what);
      }
      Thread.yield();
    }
  }

  /** Prints what the call gives or throws. */
  static void tell(String name, Callable<?> call) {
    System.out.println(name + ": " + TransparencyWatch.outcome(call));
  }
}
