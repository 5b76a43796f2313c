package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Monitors: entry, wait and notify, nesting, class initialisation. */
public final class AdoptionMonitors {
  private static final int THREADS = 20;
  private static final long LIMIT_MILLIS = 15;

  private AdoptionMonitors() {}

  /** Prints what was notified, counted and held. */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("arguments", AdoptionMonitors::arguments);
    held();
    notifyOneAndAll();
    AdoptionThreads.run("timed", AdoptionMonitors::timed);
    interrupted();
    nested();
    boundedBuffer();
    classInitialisation();
  }

  private static void arguments() {
    Object monitor = new Object();
    tell("wait without it", () -> waited(monitor));
    tell("notify without it", () -> notified(monitor));
    synchronized (monitor) {
      tell("negative", () -> waitedFor(monitor, -1, 0));
      tell("too many nanos", () -> waitedFor(monitor, 1, 1_000_000));
      tell("notify nobody", () -> notified(monitor));
    }
  }

  private static String waited(Object monitor) throws InterruptedException {
    monitor.wait();
    return "notified";
  }

  private static String waitedFor(Object monitor, long millis, int nanos)
      throws InterruptedException {
    synchronized (monitor) {
      monitor.wait(millis, nanos);
      return "returned";
    }
  }

  private static String notified(Object monitor) {
    monitor.notify();
    return "nobody";
  }

  private static void held() throws Exception {
    Object monitor = new Object();
    synchronized (monitor) {
      AdoptionThreads.run("other", () -> System.out.println("other " + Thread.holdsLock(monitor)));
    }
    AdoptionThreads.run(
        "holder",
        () -> {
          synchronized (monitor) {
            Thread.sleep(1);
            synchronized (monitor) {
              Thread.yield();
            }
            System.out.println("holder " + Thread.holdsLock(monitor));
          }
          System.out.println("released " + Thread.holdsLock(monitor));
        });
  }

  private static void notifyOneAndAll() throws Exception {
    Object monitor = new Object();
    AtomicInteger woken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          AdoptionThreads.start(
              "waiter " + i,
              () -> {
                synchronized (monitor) {
                  monitor.wait();
                  woken.incrementAndGet();
                }
              }));
      AdoptionThreads.await(threads.get(i), Thread.State.WAITING);
    }
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      synchronized (monitor) {
        monitor.notify();
      }
      AdoptionThreads.until("one more", () -> woken.get() == expected);
    }
    long waiting = threads.stream().filter(t -> t.getState() == Thread.State.WAITING).count();
    System.out.println("woken " + woken + " waiting " + waiting);
    synchronized (monitor) {
      monitor.notifyAll();
      System.out.println("not before the monitor is free " + woken);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("woken " + woken);
  }

  private static void timed() {
    Object monitor = new Object();
    long start = System.nanoTime();
    tell("timed", () -> waitedFor(monitor, LIMIT_MILLIS, 0));
    tell("timed, nanos", () -> waitedFor(monitor, LIMIT_MILLIS, 1));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println(millis < 2 * LIMIT_MILLIS - 2 ? "TOO EARLY" : "not early");
  }

  private static void interrupted() throws Exception {
    Object monitor = new Object();
    TransparencyWatch watch = TransparencyWatch.start(() -> waitedFor(monitor, 0, 0));
    AdoptionThreads.await(watch.thread(), Thread.State.WAITING);
    synchronized (monitor) {
      watch.thread().interrupt();
      AdoptionThreads.await(watch.thread(), Thread.State.BLOCKED);
      System.out.println("interrupted, waits for the monitor " + watch.thread().isAlive());
    }
    System.out.println(watch.end());
  }

  /** A wait gives up its own monitor, all entries of it, and no other. */
  private static void nested() throws Exception {
    Object outer = new Object();
    Object inner = new Object();
    Thread thread =
        AdoptionThreads.start(
            "nested",
            () -> {
              synchronized (outer) {
                synchronized (inner) {
                  synchronized (inner) {
                    inner.wait();
                    System.out.println("has " + Thread.holdsLock(inner) + Thread.holdsLock(outer));
                  }
                }
              }
            });
    AdoptionThreads.await(thread, Thread.State.WAITING);
    TransparencyWatch kept =
        TransparencyWatch.start(
            () -> {
              synchronized (outer) {
                return "entered the outer one";
              }
            });
    AdoptionThreads.await(kept.thread(), Thread.State.BLOCKED);
    synchronized (inner) {
      System.out.println("the inner one is free");
      inner.notify();
    }
    thread.join();
    System.out.println(kept.end());
  }

  private static void boundedBuffer() throws Exception {
    Deque<Integer> buffer = new ArrayDeque<>();
    AtomicInteger sum = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(AdoptionThreads.start("put " + i, () -> put(buffer, 100)));
      threads.add(AdoptionThreads.start("take " + i, () -> sum.addAndGet(take(buffer, 100))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("sum " + sum + " left " + buffer);
  }

  private static void put(Deque<Integer> buffer, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      synchronized (buffer) {
        while (buffer.size() == 3) {
          buffer.wait();
        }
        buffer.add(i);
        buffer.notifyAll();
      }
    }
  }

  private static int take(Deque<Integer> buffer, int times) throws InterruptedException {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      synchronized (buffer) {
        while (buffer.isEmpty()) {
          buffer.wait();
        }
        sum += buffer.remove();
        buffer.notifyAll();
      }
    }
    return sum;
  }

  private static final AtomicInteger INITIALISERS = new AtomicInteger();

  /** Its initialiser waits, while more threads than processors wait for it. */
  private static final class Slow {
    static final int VALUE;

    static {
      INITIALISERS.incrementAndGet();
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      VALUE = 42;
    }
  }

  private static void classInitialisation() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(AdoptionThreads.start("user " + i, () -> seen.addAndGet(Slow.VALUE)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("seen " + seen + " by one initialiser " + INITIALISERS);
  }
}
