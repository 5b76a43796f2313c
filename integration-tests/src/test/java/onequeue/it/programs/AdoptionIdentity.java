package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Who a thread is to itself and to others, before, while and after it runs. */
public final class AdoptionIdentity {
  private AdoptionIdentity() {}

  /** Prints what threads say of themselves. */
  public static void main(String[] args) throws Exception {
    plain();
    new Worker(42).startAndJoin();
    inCallbacks();
    defaults();
    secondStart();
    names();
    attributes();
    children();
  }

  private static void plain() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    Thread[] handle = new Thread[1];
    handle[0] =
        new Thread(
            AdoptionThreads.task(
                () -> {
                  held.await();
                  Thread self = Thread.currentThread();
                  System.out.println("same object " + (self == handle[0]));
                  System.out.println("class " + self.getClass().getName());
                  System.out.println("same id " + (self.getId() == handle[0].getId()));
                  System.out.println(describe(self));
                  System.out.println("alive " + self.isAlive() + " " + self.getState());
                }),
            "plain");
    System.out.println("before " + describe(handle[0]) + " " + handle[0].getState());
    long id = handle[0].getId();
    handle[0].start();
    System.out.println("started " + describe(handle[0]) + " " + handle[0].isAlive());
    held.countDown();
    handle[0].join();
    System.out.println("after " + handle[0].getState() + " " + (handle[0].getId() == id));
    System.out.println(handle[0].getName() + " group " + handle[0].getThreadGroup());
  }

  private static String describe(Thread thread) {
    return thread.toString().replace("#" + thread.getId(), "#id")
        + (thread.isDaemon() ? " daemon " : " ")
        + thread.getPriority()
        + " "
        + thread.getThreadGroup().getName();
  }

  /** As servers have them: a thread that carries something, found by a cast. */
  private static final class Worker extends Thread {
    private final int number;

    Worker(int number) {
      super("worker");
      this.number = number;
    }

    void startAndJoin() throws InterruptedException {
      start();
      join();
    }

    @Override
    public void run() {
      System.out.println("this is current " + (this == Thread.currentThread()));
      System.out.println("by a cast " + ((Worker) Thread.currentThread()).number);
    }

    @Override
    public String toString() {
      return "the worker " + number;
    }
  }

  /** Where the JDK stands between the thread and the code that asks. */
  private static void inCallbacks() throws Exception {
    Thread thread =
        new Thread(
            () -> {
              Thread self = Thread.currentThread();
              Supplier<Thread> reference = Thread::currentThread;
              System.out.println("method reference " + (reference.get() == self));
              System.out.println(
                  "in a stream "
                      + IntStream.range(0, 9).allMatch(i -> Thread.currentThread() == self));
              Map<Thread, String> map = new ConcurrentHashMap<>();
              map.computeIfAbsent(self, Thread::getName);
              System.out.println("as a key " + map.get(Thread.currentThread()));
              List<Thread> found = new ArrayList<>();
              ThreadLocal.withInitial(() -> found.add(Thread.currentThread())).get();
              System.out.println("in an initial value " + (found.get(0) == self));
            },
            "callbacks");
    thread.start();
    thread.join();
  }

  private static void defaults() throws Exception {
    Thread first = new Thread(() -> {});
    Thread second = new Thread(AdoptionIdentity::new);
    String name = first.getName();
    int number = Integer.parseInt(name.substring(name.indexOf('-') + 1));
    System.out.println(
        "next number "
            + name.startsWith("Thread-")
            + second.getName().equals("Thread-" + (number + 1)));
    Thread nothing = new Thread();
    nothing.start();
    nothing.join();
    System.out.println("no task " + nothing.getState());
    tell("null name", () -> new Thread(() -> {}, null));
    tell("clone", () -> new Cloned().copy());
  }

  private static final class Cloned extends Thread {
    Object copy() throws CloneNotSupportedException {
      return clone();
    }
  }

  private static void secondStart() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = AdoptionThreads.start("twice", end::await);
    tell("start of one that runs", () -> started(thread));
    end.countDown();
    thread.join();
    tell("start of one that has ended", () -> started(thread));
    AdoptionThreads.run("self", () -> tell("start of itself", () -> started(self())));
  }

  private static Thread self() {
    return Thread.currentThread();
  }

  private static String started(Thread thread) {
    thread.start();
    return "started";
  }

  private static void names() throws Exception {
    CountDownLatch renamed = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    Thread thread =
        AdoptionThreads.start(
            "first",
            () -> {
              renamed.await();
              System.out.println("set from outside " + self().getName());
              self().setName("third");
              seen.countDown();
            });
    thread.setName("second");
    renamed.countDown();
    seen.await();
    System.out.println("set from inside " + thread.getName());
    thread.join();
    thread.setName("fourth");
    System.out.println("set afterwards " + thread.getName());
    tell("set to null", () -> nameless(thread));
  }

  private static String nameless(Thread thread) {
    thread.setName(null);
    return thread.getName();
  }

  private static void attributes() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(AdoptionThreads.task(end::await), "attributes");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    thread.setPriority(Thread.MAX_PRIORITY);
    System.out.println("priority " + thread.getPriority() + " " + thread.isDaemon());
    tell("priority 0", () -> prioritised(thread, 0));
    tell("priority 11", () -> prioritised(thread, 11));
    tell("daemon while it runs", () -> daemon(thread));
    end.countDown();
    thread.join();
    System.out.println("ended " + thread.isDaemon() + " " + thread.isAlive());
  }

  private static int prioritised(Thread thread, int priority) {
    thread.setPriority(priority);
    return thread.getPriority();
  }

  private static boolean daemon(Thread thread) {
    thread.setDaemon(false);
    return thread.isDaemon();
  }

  /** A thread takes after the one that makes it. */
  private static void children() throws Exception {
    ThreadGroup group = new ThreadGroup("group");
    Thread parent =
        new Thread(
            group,
            AdoptionThreads.task(
                () -> {
                  Thread child = new Thread(() -> System.out.println(describe(self())), "child");
                  System.out.println(describe(child));
                  child.start();
                  child.join();
                }),
            "parent");
    parent.setDaemon(true);
    parent.setPriority(3);
    parent.start();
    parent.join();
  }
}
