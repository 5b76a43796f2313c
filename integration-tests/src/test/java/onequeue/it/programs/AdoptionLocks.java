package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Collectors;

/** Locks and conditions, and what they tell of the threads that hold them or wait for them. */
public final class AdoptionLocks {
  private static final int WAITERS = 4;

  private AdoptionLocks() {}

  /** Lets the questions be asked that are for subclasses. */
  private static final class Lock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    Lock(boolean fair) {
      super(fair);
    }

    Thread owner() {
      return getOwner();
    }

    Collection<Thread> queued() {
      return getQueuedThreads();
    }

    Collection<Thread> waiting(Condition condition) {
      return getWaitingThreads(condition);
    }
  }

  /** Prints what the locks say. */
  public static void main(String[] args) throws Exception {
    held();
    queue();
    conditions();
    timed();
    readersAndWriters();
    stamps();
    mutualExclusion();
  }

  private static void held() throws Exception {
    Lock lock = new Lock(false);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread holder =
        AdoptionThreads.start(
            "holder",
            () -> {
              lock.lock();
              lock.lock();
              System.out.println("holds " + lock.isHeldByCurrentThread() + lock.getHoldCount());
              System.out.println("owner inside " + (lock.owner() == Thread.currentThread()));
              System.out.println(text(lock));
              taken.countDown();
              end.await();
              lock.unlock();
              lock.unlock();
            });
    taken.await();
    System.out.println("main holds " + lock.isHeldByCurrentThread() + lock.getHoldCount());
    System.out.println("owner outside " + (lock.owner() == holder) + lock.isLocked());
    System.out.println(text(lock) + " " + lock.tryLock());
    tell("unlock by another", () -> unlocked(lock));
    end.countDown();
    holder.join();
    System.out.println("free " + lock.owner() + " " + text(lock) + lock.tryLock());
  }

  private static String text(Object lock) {
    return lock.toString().replaceAll(".*\\[", "[");
  }

  private static String unlocked(Lock lock) {
    lock.unlock();
    return "unlocked";
  }

  private static void queue() throws Exception {
    Lock lock = new Lock(true);
    List<Thread> threads = new ArrayList<>();
    StringBuffer order = new StringBuffer();
    lock.lock();
    for (int i = 0; i < WAITERS; i++) {
      Thread thread =
          AdoptionThreads.start(
              "queued " + i,
              () -> {
                lock.lock();
                order.append(Thread.currentThread().getName()).append(", ");
                lock.unlock();
              });
      threads.add(thread);
      AdoptionThreads.until("queued", () -> lock.getQueueLength() == threads.size());
      System.out.println("has queued " + lock.hasQueuedThread(thread) + lock.hasQueuedThreads());
    }
    Thread stranger = new Thread(() -> {});
    System.out.println("stranger " + lock.hasQueuedThread(stranger));
    System.out.println("handles " + lock.queued().containsAll(threads) + names(lock.queued()));
    lock.unlock();
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("in order " + order + lock.hasQueuedThreads());
  }

  private static String names(Collection<Thread> threads) {
    return threads.stream()
        .map(Thread::getName)
        .sorted()
        .collect(Collectors.joining(", ", " ", ""));
  }

  private static void conditions() throws Exception {
    Lock lock = new Lock(false);
    Condition condition = lock.newCondition();
    List<TransparencyWatch> watches = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      watches.add(TransparencyWatch.start(() -> awaited(lock, condition)));
      int expected = i + 1;
      AdoptionThreads.until("waits", () -> waiting(lock, condition).size() == expected);
    }
    List<Thread> threads = watches.stream().map(TransparencyWatch::thread).toList();
    System.out.println("handles " + waiting(lock, condition).containsAll(threads));
    tell("signal without the lock", () -> signalled(condition));
    lock.lock();
    condition.signal();
    lock.unlock();
    System.out.println("first " + watches.get(0).end() + " " + waiting(lock, condition).size());
    watches.get(1).thread().interrupt();
    System.out.println("second " + watches.get(1).end());
    lock.lock();
    condition.signalAll();
    System.out.println("has waiters " + lock.hasWaiters(condition));
    lock.unlock();
    System.out.println("rest " + watches.get(2).end() + " " + watches.get(3).end());
    lock.lock();
    System.out.println("timed out " + (condition.awaitNanos(1_000_000) <= 0));
    System.out.println("timed out " + condition.await(1, TimeUnit.MILLISECONDS));
  }

  private static Collection<Thread> waiting(Lock lock, Condition condition) {
    lock.lock();
    try {
      return lock.waiting(condition);
    } finally {
      lock.unlock();
    }
  }

  private static String awaited(Lock lock, Condition condition) throws InterruptedException {
    lock.lock();
    try {
      condition.await();
      return "signalled " + lock.isHeldByCurrentThread();
    } finally {
      lock.unlock();
    }
  }

  private static String signalled(Condition condition) {
    condition.signal();
    return "signalled";
  }

  private static void timed() throws Exception {
    Lock lock = new Lock(false);
    lock.lock();
    AdoptionThreads.run(
        "impatient",
        () -> {
          long start = System.nanoTime();
          boolean taken = lock.tryLock(10, TimeUnit.MILLISECONDS);
          boolean early = System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(10);
          System.out.println("in time " + taken + (early ? ", TOO EARLY" : ""));
        });
    TransparencyWatch watch = TransparencyWatch.start(() -> interruptibly(lock));
    AdoptionThreads.await(watch.thread(), Thread.State.WAITING).interrupt();
    System.out.println("interrupted " + watch.end() + lock.hasQueuedThreads());
  }

  private static String interruptibly(Lock lock) throws InterruptedException {
    lock.lockInterruptibly();
    return "locked";
  }

  private static void readersAndWriters() throws Exception {
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    lock.readLock().lock();
    AdoptionThreads.run(
        "reader",
        () -> {
          System.out.println("shared " + lock.readLock().tryLock() + lock.getReadLockCount());
          lock.readLock().unlock();
        });
    Thread writer =
        AdoptionThreads.start(
            "writer",
            () -> {
              lock.writeLock().lock();
              System.out.println("writes " + lock.isWriteLockedByCurrentThread());
              lock.readLock().lock();
              lock.writeLock().unlock();
              System.out.println("downgraded " + lock.getReadHoldCount() + text(lock));
              lock.readLock().unlock();
            });
    AdoptionThreads.until("queued", () -> lock.getQueueLength() == 1);
    System.out.println("holds " + lock.getReadHoldCount() + " of " + lock.getReadLockCount());
    lock.readLock().unlock();
    writer.join();
    tell("not read-locked", () -> readUnlocked(lock));
  }

  private static String readUnlocked(ReentrantReadWriteLock lock) {
    lock.readLock().unlock();
    return "unlocked";
  }

  private static void stamps() throws Exception {
    StampedLock lock = new StampedLock();
    long seen = lock.tryOptimisticRead();
    long stamp = lock.writeLock();
    TransparencyWatch reader = TransparencyWatch.start(() -> stamped(lock));
    AdoptionThreads.await(reader.thread(), Thread.State.WAITING);
    TransparencyWatch impatient =
        TransparencyWatch.start(() -> lock.tryReadLock(5, TimeUnit.MILLISECONDS));
    System.out.println("in time " + impatient.end() + " valid " + lock.validate(seen));
    lock.unlockWrite(stamp);
    System.out.println("reader " + reader.end() + lock.isReadLocked());
  }

  private static boolean stamped(StampedLock lock) throws InterruptedException {
    long stamp = lock.readLockInterruptibly();
    lock.unlockRead(stamp);
    return true;
  }

  /** More threads than processors add to a plain field under each kind of lock. */
  private static void mutualExclusion() throws Exception {
    int threads = 20;
    int times = 2_000;
    long[] sums = new long[3];
    ReentrantLock fair = new ReentrantLock(true);
    StampedLock stamped = new StampedLock();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          AdoptionThreads.start(
              "adder " + i,
              () -> {
                for (int n = 0; n < times; n++) {
                  synchronized (sums) {
                    sums[0]++;
                  }
                  long stamp = stamped.writeLock();
                  sums[1]++;
                  stamped.unlockWrite(stamp);
                  if (n % 20 == 0) {
                    fair.lock();
                    sums[2]++;
                    fair.unlock();
                  }
                }
              }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    System.out.println("added " + sums[0] + " " + sums[1] + " " + sums[2]);
  }
}
