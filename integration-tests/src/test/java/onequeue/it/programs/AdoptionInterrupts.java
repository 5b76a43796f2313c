package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Interrupts: the status, who sees it, who clears it, and what it ends. */
public final class AdoptionInterrupts {
  private static final int TIMES = 1000;

  private AdoptionInterrupts() {}

  /** Prints what interrupts did. */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("status", AdoptionInterrupts::status);
    seenFromOutside();
    beforeStartAndAfterEnd();
    AdoptionThreads.run("before", AdoptionInterrupts::beforeTheCall);
    monitorEntry();
    overridden();
    eachArrives();
    nothingIsLeft();
  }

  private static void status() {
    Thread self = Thread.currentThread();
    self.interrupt();
    System.out.println("status " + self.isInterrupted() + self.isInterrupted());
    System.out.println("clearing " + Thread.interrupted() + Thread.interrupted());
    self.interrupt();
    self.interrupt();
    System.out.println("does not add up " + Thread.interrupted() + Thread.interrupted());
  }

  private static void seenFromOutside() throws Exception {
    CountDownLatch clear = new CountDownLatch(1);
    CountDownLatch cleared = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        AdoptionThreads.start(
            "outside",
            () -> {
              while (clear.getCount() > 0) {
                Thread.onSpinWait();
              }
              System.out.println("inside " + Thread.interrupted());
              cleared.countDown();
              end.await();
            });
    System.out.println("at first " + thread.isInterrupted());
    thread.interrupt();
    System.out.println("outside " + thread.isInterrupted() + thread.isInterrupted());
    clear.countDown();
    cleared.await();
    System.out.println("cleared inside " + thread.isInterrupted());
    end.countDown();
    thread.join();
  }

  private static void beforeStartAndAfterEnd() throws Exception {
    Thread thread = new Thread(() -> tell("interrupted before", () -> sleep()), "early");
    thread.interrupt();
    System.out.println("not started " + thread.isInterrupted());
    thread.start();
    thread.join();
    System.out.println("ended " + thread.isInterrupted());
    thread.interrupt();
    System.out.println("and interrupted " + thread.isInterrupted());
    Thread leaves = AdoptionThreads.start("leaves", () -> Thread.currentThread().interrupt());
    leaves.join();
    System.out.println("ended with the status " + leaves.isInterrupted());
  }

  private static String sleep() throws InterruptedException {
    Thread.sleep(3_600_000);
    return "slept";
  }

  private static void beforeTheCall() {
    for (Map.Entry<String, Callable<?>> wait : waits().entrySet()) {
      Thread.currentThread().interrupt();
      tell(wait.getKey(), wait.getValue());
    }
  }

  private static Map<String, Callable<?>> waits() {
    ReentrantLock lock = new ReentrantLock();
    Object monitor = new Object();
    Map<String, Callable<?>> waits = new LinkedHashMap<>();
    waits.put("sleep", AdoptionInterrupts::sleep);
    waits.put("park", () -> park());
    waits.put("wait", () -> waited(monitor));
    waits.put("take", () -> new LinkedBlockingQueue<String>().take());
    waits.put("take of what is there", () -> filled().take());
    waits.put("put", () -> put(new SynchronousQueue<>()));
    waits.put("await", () -> new CountDownLatch(1).await(1, java.util.concurrent.TimeUnit.HOURS));
    waits.put("exchange", () -> new Exchanger<String>().exchange("a"));
    waits.put("acquire", () -> acquire(new Semaphore(0)));
    waits.put("acquire of what is there", () -> acquire(new Semaphore(1)));
    waits.put("free lock", () -> locked(lock, false));
    waits.put("free lock, interruptibly", () -> locked(lock, true));
    waits.put("condition", () -> awaited(lock));
    waits.put("join", () -> joined(Thread.currentThread()));
    return waits;
  }

  private static String park() {
    LockSupport.park();
    return "returned";
  }

  private static String waited(Object monitor) throws InterruptedException {
    synchronized (monitor) {
      monitor.wait();
      return "notified";
    }
  }

  private static LinkedBlockingQueue<String> filled() {
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    queue.add("element");
    return queue;
  }

  private static String put(SynchronousQueue<String> queue) throws InterruptedException {
    queue.put("element");
    return "put";
  }

  private static String acquire(Semaphore semaphore) throws InterruptedException {
    semaphore.acquire();
    return "acquired";
  }

  private static String locked(ReentrantLock lock, boolean interruptibly)
      throws InterruptedException {
    if (interruptibly) {
      lock.lockInterruptibly();
    } else {
      lock.lock();
    }
    lock.unlock();
    return "locked";
  }

  private static String awaited(ReentrantLock lock) throws InterruptedException {
    Condition condition = lock.newCondition();
    lock.lock();
    try {
      condition.await();
      return "signalled";
    } finally {
      lock.unlock();
    }
  }

  private static String joined(Thread thread) throws InterruptedException {
    thread.join();
    return "joined";
  }

  private static void monitorEntry() throws Exception {
    Object monitor = new Object();
    TransparencyWatch watch;
    synchronized (monitor) {
      watch =
          TransparencyWatch.start(
              () -> {
                synchronized (monitor) {
                  return "entered";
                }
              });
      AdoptionThreads.await(watch.thread(), Thread.State.BLOCKED).interrupt();
      System.out.println("at the monitor " + watch.blocked());
    }
    System.out.println(watch.end());
  }

  /** The way to end a socket's read by an interrupt: to close the socket. */
  private static final class Reader extends Thread {
    private final Socket socket;

    Reader(Socket socket) {
      super("reader");
      this.socket = socket;
    }

    @Override
    public void interrupt() {
      super.interrupt();
      try {
        socket.close();
      } catch (IOException e) {
        System.out.println(e);
      }
    }

    @Override
    public void run() {
      tell("overridden", () -> socket.getInputStream().read());
    }
  }

  private static void overridden() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    Reader reader = new Reader(pair[0]);
    reader.start();
    TransparencyWatch.settle(reader);
    reader.interrupt();
    reader.join();
    System.out.println("closed " + pair[0].isClosed() + pair[1].getInputStream().read());
  }

  /** Two threads play: none of the interrupts may be lost, none may count twice. */
  private static void eachArrives() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    Thread listener =
        AdoptionThreads.start(
            "listener",
            () -> {
              while (heard.get() < TIMES) {
                try {
                  Thread.sleep(3_600_000);
                } catch (InterruptedException e) {
                  heard.incrementAndGet();
                }
              }
            });
    AdoptionThreads.run(
        "caller",
        () -> {
          for (int i = 0; i < TIMES; i++) {
            int before = i;
            AdoptionThreads.until("heard " + i, () -> heard.get() == before);
            listener.interrupt();
          }
        });
    listener.join();
    System.out.println("heard " + heard);
  }

  private static final class Parks {
    static {
      LockSupport.park();
    }

    private Parks() {}
  }

  /** Interrupts of threads that run must not end the park of another, where a class begins. */
  private static void nothingIsLeft() throws Exception {
    List<Thread> running = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(Runtime.getRuntime().availableProcessors());
    for (long i = all.getCount(); i > 0; i--) {
      running.add(
          AdoptionThreads.start(
              "running",
              () -> {
                all.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                  Thread.onSpinWait();
                }
              }));
    }
    all.await();
    for (Thread thread : running) {
      thread.interrupt();
      thread.join();
    }
    Thread parks = AdoptionThreads.start("parks", () -> Class.forName(Parks.class.getName()));
    while (parks.getState() != Thread.State.WAITING && parks.isAlive()) {
      Thread.onSpinWait();
    }
    System.out.println("parks " + parks.getState());
    LockSupport.unpark(parks);
    parks.join();
  }
}
