package onequeue.it.programs;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.ObjectName;

/** Parks, sleeps, locks and monitors: permits, interrupts, limits and what tools see of them. */
public final class TransparencyParks {
  private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private TransparencyParks() {}

  /**
   * Prints what each call did.
   *
   * @param args none, or {@code dump}: what the VM's thread dump says instead
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      threadDump();
      return;
    }
    permits();
    states();
    limits();
    arguments();
    executors();
  }

  private static void permits() throws Exception {
    LockSupport.unpark(Thread.currentThread());
    LockSupport.unpark(Thread.currentThread());
    LockSupport.park();
    System.out.println("unpark before park: returned");
    TransparencyWatch second =
        TransparencyWatch.start(
            () -> {
              LockSupport.unpark(Thread.currentThread());
              LockSupport.unpark(Thread.currentThread());
              LockSupport.park();
              LockSupport.park();
              return "unparked";
            });
    System.out.println("permits do not add up: " + second.blocked());
    LockSupport.unpark(second.thread());
    System.out.println(second.end());
    TransparencyWatch interrupted = TransparencyWatch.start(TransparencyParks::park);
    System.out.println(interrupted.blocked());
    interrupted.thread().interrupt();
    System.out.println("park under interrupt: " + interrupted.end());
    Thread.currentThread().interrupt();
    LockSupport.park();
    LockSupport.parkNanos(Long.MAX_VALUE);
    System.out.println("park when interrupted: " + Thread.currentThread().isInterrupted());
    Thread.interrupted();
    LockSupport.unpark(null);
    Thread notStarted = new Thread(() -> {});
    LockSupport.unpark(notStarted);
    notStarted.start();
    notStarted.join();
    LockSupport.unpark(notStarted);
    LockSupport.parkUntil(1);
    LockSupport.parkNanos(-1);
    LockSupport.parkNanos(0);
    System.out.println("parks that need not wait: returned");
  }

  private static String park() {
    LockSupport.park("a blocker");
    return "returned";
  }

  private static void states() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Object monitor = new Object();
    lock.lock();
    state("park", TransparencyParks::park);
    state("parkNanos", () -> timedPark(TimeUnit.HOURS.toNanos(1)));
    state("parkUntil", () -> parkUntil(System.currentTimeMillis() + 3_600_000));
    state("sleep", () -> sleep(3_600_000, 0));
    state("lock", () -> locked(lock));
    state("tryLock", () -> lock.tryLock(1, TimeUnit.HOURS));
    state("take", () -> new LinkedBlockingQueue<String>().take());
    state("poll", () -> new LinkedBlockingQueue<String>().poll(1, TimeUnit.HOURS));
    state("await", () -> new CountDownLatch(1).await(1, TimeUnit.HOURS));
    state("exchange", () -> new Exchanger<String>().exchange("a"));
    state("wait", () -> waited(monitor));
    synchronized (monitor) {
      TransparencyWatch watch = TransparencyWatch.start(() -> entered(monitor));
      System.out.println("synchronized: " + watch.blocked());
    }
    state("join", () -> joined(Thread.currentThread()));
    lock.unlock();
  }

  private static void state(String name, Callable<?> call) throws Exception {
    TransparencyWatch watch = TransparencyWatch.start(call);
    System.out.println(name + ": " + watch.blocked() + " " + blocker(watch.thread()));
    watch.thread().interrupt();
    if (!name.equals("lock")) {
      System.out.println("  " + watch.end());
    }
  }

  private static String blocker(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    var info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
    String seen = info.getLockInfo() == null ? "none" : info.getLockInfo().getClassName();
    return (blocker == null ? "none" : blocker.getClass().getName()) + " " + seen;
  }

  private static String timedPark(long nanos) {
    LockSupport.parkNanos(nanos);
    return "returned";
  }

  private static String parkUntil(long millis) {
    LockSupport.parkUntil(millis);
    return "returned";
  }

  private static String sleep(long millis, int nanos) throws InterruptedException {
    Thread.sleep(millis, nanos);
    return "slept";
  }

  private static String locked(ReentrantLock lock) {
    lock.lock();
    lock.unlock();
    return "locked";
  }

  private static String waited(Object monitor) throws InterruptedException {
    synchronized (monitor) {
      monitor.wait();
      return "notified";
    }
  }

  private static String entered(Object monitor) {
    synchronized (monitor) {
      return "entered";
    }
  }

  private static String joined(Thread thread) throws InterruptedException {
    thread.join();
    return "joined";
  }

  private static void limits() throws Exception {
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    long millis = TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS);
    notEarly("sleep", () -> sleep(millis, 0));
    notEarly("sleep with nanos", () -> sleep(millis, 300_000));
    notEarly("poll", () -> queue.poll(millis, TimeUnit.MILLISECONDS));
    notEarly("await", () -> new CountDownLatch(1).await(LIMIT_NANOS, TimeUnit.NANOSECONDS));
    long until = System.currentTimeMillis() + millis;
    while (System.currentTimeMillis() < until) {
      LockSupport.parkUntil(until);
    }
    System.out.println("parkUntil: returned");
  }

  private static void notEarly(String name, Callable<?> call) {
    long start = System.nanoTime();
    String outcome = TransparencyWatch.outcome(call);
    boolean early = System.nanoTime() - start < LIMIT_NANOS;
    System.out.println(name + ": " + outcome + (early ? ", TOO EARLY" : ""));
  }

  private static void arguments() {
    long[][] all = {{-1, 0}, {1, -1}, {1, 1_000_000}, {0, 0}, {0, 1}, {0, 999_999}};
    for (long[] one : all) {
      System.out.println(TransparencyWatch.outcome(() -> sleep(one[0], (int) one[1])));
      Thread.currentThread().interrupt();
      System.out.println(TransparencyWatch.outcome(() -> sleep(one[0], (int) one[1])));
    }
    Thread.currentThread().interrupt();
    System.out.println(TransparencyWatch.outcome(() -> sleep(Long.MAX_VALUE, 0)));
  }

  /** What {@code jcmd PID Thread.print} says, asked in the process. */
  private static void threadDump() throws Exception {
    for (Callable<?> call :
        new Callable<?>[] {TransparencyParks::park, () -> sleep(3_600_000, 0), queueTake()}) {
      TransparencyWatch watch = TransparencyWatch.start(call);
      watch.blocked();
      Object dump =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "threadPrint",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      String text = dump.toString();
      String mine = text.substring(text.indexOf("\"blocked\""));
      mine.lines()
          .skip(1)
          .takeWhile(l -> !l.isBlank())
          .map(TransparencyParks::stable)
          .forEach(System.out::println);
      watch.thread().interrupt();
      watch.end();
    }
  }

  private static Callable<?> queueTake() {
    return () -> new LinkedBlockingQueue<String>().take();
  }

  private static String stable(String line) {
    return line.replaceAll("0x[0-9a-f]+", "address").replaceAll("Lambda[$0-9]*/", "Lambda/");
  }

  private static void executors() throws Exception {
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);
    Future<?> endless = pool.submit(() -> sleep(3_600_000, 0));
    Future<String> timed = pool.schedule(() -> "scheduled", 5, TimeUnit.MILLISECONDS);
    System.out.println(timed.get());
    System.out.println(TransparencyWatch.outcome(() -> endless.get(9, TimeUnit.MILLISECONDS)));
    System.out.println(endless.cancel(true) + " " + TransparencyWatch.outcome(endless::get));
    System.out.println(
        pool.shutdownNow().size() + " " + pool.awaitTermination(20, TimeUnit.SECONDS));
  }
}
