package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Deep recursion: with a wait at its end, in many threads, and too deep. */
public final class AdoptionDepth {
  private static final int DEEP = 5_000;
  private static final int DEEPER = 100_000;
  private static final long LARGE_STACK = 256L << 20;

  private AdoptionDepth() {}

  /** Prints how deep it went. */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("deep", () -> System.out.println("deep " + down(DEEP, () -> {})));
    AdoptionThreads.run(
        "waits", () -> System.out.println("waits " + down(DEEP, () -> LockSupport.parkNanos(1))));
    AdoptionThreads.run("monitor", AdoptionDepth::throughMonitors);
    many();
    overflow();
    largeStack();
  }

  private static int down(int depth, Runnable atTheEnd) {
    if (depth == 0) {
      atTheEnd.run();
      return 0;
    }
    return 1 + down(depth - 1, atTheEnd);
  }

  private static void throughMonitors() {
    System.out.println("monitors " + downLocked(1_000));
  }

  private static int downLocked(int depth) {
    if (depth == 0) {
      LockSupport.parkNanos(1);
      return 0;
    }
    synchronized (new Object()) {
      return 1 + downLocked(depth - 1);
    }
  }

  private static void many() throws Exception {
    List<Thread> threads = new ArrayList<>();
    CountDownLatch down = new CountDownLatch(50);
    int[] sums = new int[50];
    for (int i = 0; i < sums.length; i++) {
      int index = i;
      threads.add(AdoptionThreads.start("one of many", () -> sums[index] = meet(down)));
    }
    int sum = 0;
    for (int i = 0; i < sums.length; i++) {
      threads.get(i).join();
      sum += sums[i];
    }
    System.out.println("many " + sum);
  }

  private static int meet(CountDownLatch down) {
    return down(
        DEEP,
        () -> {
          down.countDown();
          while (down.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
          }
        });
  }

  /** The thread survives, and goes deep again. */
  private static void overflow() throws Exception {
    AdoptionThreads.run(
        "overflow",
        () -> {
          for (int i = 0; i < 3; i++) {
            try {
              System.out.println(down(Integer.MAX_VALUE, () -> {}));
            } catch (StackOverflowError e) {
              System.out.println("overflow " + (e.getStackTrace().length == 1024));
            }
          }
          LockSupport.parkNanos(1);
          System.out.println("afterwards " + down(DEEP, () -> LockSupport.parkNanos(1)));
        });
    Thread fatal = new Thread(() -> down(Integer.MAX_VALUE, () -> {}), "fatal");
    fatal.setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " " + e));
    fatal.start();
    fatal.join();
  }

  /** A program that needs more says so. */
  private static void largeStack() throws Exception {
    Runnable task =
        () -> System.out.println("deeper " + down(DEEPER, () -> LockSupport.parkNanos(1)));
    Thread thread = new Thread(null, task, "large", LARGE_STACK);
    thread.start();
    thread.join();
  }
}
