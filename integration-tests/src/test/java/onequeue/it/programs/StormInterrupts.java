package onequeue.it.programs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads wait in each kind of wait, work comes in for them, and interrupts rain on them at random.
 * Nothing that was handed in may get lost or come twice, and each thread hears of interrupts.
 */
public final class StormInterrupts {
  private static final int OF_EACH = 5;
  private static final int ITEMS = 3000;
  private static final int HEARD_AT_LEAST = 200;

  private final List<Worker> workers = new ArrayList<>();

  private StormInterrupts() {}

  /**
   * @param args the seed
   */
  public static void main(String[] args) throws Exception {
    System.out.println("seed " + args[0]);
    StormInterrupts storm = new StormInterrupts();
    for (int i = 0; i < OF_EACH; i++) {
      storm.addAll();
    }
    storm.run(new SplittableRandom(Long.parseLong(args[0])));
  }

  /** A way to wait for the next item, and a way to hand one in. */
  private interface Mailbox {
    int next() throws Exception;

    void put(int item) throws Exception;
  }

  private static final class Worker extends Thread {
    private final Mailbox mailbox;
    private final AtomicInteger heard = new AtomicInteger();
    private volatile int items;
    private volatile long sum;

    Worker(String name, Mailbox mailbox) {
      super(name);
      this.mailbox = mailbox;
    }

    @Override
    public void run() {
      try {
        while (items < ITEMS) {
          try {
            sum += mailbox.next();
            items = items + 1;
          } catch (InterruptedException e) {
            heard.incrementAndGet();
          }
          if (Thread.interrupted()) {
            heard.incrementAndGet();
          }
        }
      } catch (Exception e) {
        System.out.println(getName() + " ended by " + e);
      }
    }
  }

  private void addAll() throws Exception {
    workers.add(new Worker("park", new Parked()));
    workers.add(new Worker("sleep", new Slept()));
    workers.add(new Worker("wait", new Waited()));
    workers.add(new Worker("take", new Taken()));
    workers.add(new Worker("acquire", new Acquired()));
    workers.add(new Worker("await", new Awaited()));
    workers.add(new Worker("read", new Read()));
  }

  private void run(SplittableRandom random) throws Exception {
    workers.forEach(Thread::start);
    Thread heckler = AdoptionThreads.start("heckler", () -> heckle(random.split()));
    Thread feeder = AdoptionThreads.start("feeder", () -> feed(random.split()));
    feeder.join();
    for (Worker worker : workers) {
      worker.join(TimeUnit.SECONDS.toMillis(60));
      String fate = worker.isAlive() ? " NOT OVER" : " ended";
      System.out.println(worker.getName() + fate + " items " + worker.items + " sum " + worker.sum);
    }
    heckler.join();
    System.exit(0);
  }

  private void heckle(SplittableRandom random) {
    while (workers.stream().anyMatch(Thread::isAlive)) {
      workers.get(random.nextInt(workers.size())).interrupt();
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  /** The last item is held back until the interrupts have been heard. */
  private void feed(SplittableRandom random) throws Exception {
    for (int item = 1; item < ITEMS; item++) {
      for (Worker worker : workers) {
        worker.mailbox.put(item);
      }
      if (random.nextInt(8) == 0) {
        LockSupport.parkNanos(random.nextInt(1_000_000));
      }
    }
    for (Worker worker : workers) {
      if (!(worker.mailbox instanceof Read)) {
        AdoptionThreads.until(
            worker.getName() + " has heard", () -> worker.heard.get() >= HEARD_AT_LEAST);
      }
      worker.mailbox.put(ITEMS);
    }
  }

  /** Items counted, not queued: the consumer's own count tells which is next. */
  private abstract static class Counted implements Mailbox {
    final AtomicInteger given = new AtomicInteger();
    volatile Thread consumer;
    private int taken;

    @Override
    public int next() throws Exception {
      consumer = Thread.currentThread();
      while (given.get() == taken) {
        pause();
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return ++taken;
    }

    abstract void pause() throws InterruptedException;

    @Override
    public void put(int item) {
      given.set(item);
      LockSupport.unpark(consumer);
    }
  }

  private static final class Parked extends Counted {
    @Override
    void pause() {
      LockSupport.park(this);
    }
  }

  private static final class Slept extends Counted {
    @Override
    void pause() throws InterruptedException {
      Thread.sleep(2);
    }
  }

  private static final class Waited implements Mailbox {
    private int given;
    private int taken;

    @Override
    public synchronized int next() throws InterruptedException {
      while (given == taken) {
        wait();
      }
      return ++taken;
    }

    @Override
    public synchronized void put(int item) {
      given = item;
      notifyAll();
    }
  }

  private static final class Taken implements Mailbox {
    private final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>(50);

    @Override
    public int next() throws InterruptedException {
      return queue.take();
    }

    @Override
    public void put(int item) throws InterruptedException {
      queue.put(item);
    }
  }

  private static final class Acquired implements Mailbox {
    private final Semaphore permits = new Semaphore(0);
    private int taken;

    @Override
    public int next() throws InterruptedException {
      permits.acquire();
      return ++taken;
    }

    @Override
    public void put(int item) {
      permits.release();
    }
  }

  private static final class Awaited implements Mailbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private int given;
    private int taken;

    @Override
    public int next() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (given == taken) {
          more.await();
        }
        return ++taken;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void put(int item) {
      lock.lock();
      try {
        given = item;
        more.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** An interrupt does not end the read of a java.net socket. */
  private static final class Read implements Mailbox {
    private final DataInputStream in;
    private final DataOutputStream out;

    Read() throws Exception {
      Socket[] pair = TransparencyOps.sockets();
      in = new DataInputStream(pair[0].getInputStream());
      out = new DataOutputStream(pair[1].getOutputStream());
    }

    @Override
    public int next() throws Exception {
      return in.readInt();
    }

    @Override
    public void put(int item) throws Exception {
      out.writeInt(item);
    }
  }
}
