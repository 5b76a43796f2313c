package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** Thread groups, and the lists in which a running thread is found. */
public final class AdoptionGroups {
  private static final int MEMBERS = 5;

  private AdoptionGroups() {}

  /** Prints who is in which group. */
  public static void main(String[] args) throws Exception {
    members();
    limits();
    allStackTraces();
  }

  private static void members() throws Exception {
    ThreadGroup outer = new ThreadGroup("outer");
    ThreadGroup inner = new ThreadGroup(outer, "inner");
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2 * MEMBERS);
    Thread[] threads = new Thread[2 * MEMBERS];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              i % 2 == 0 ? outer : inner,
              () -> {
                started.countDown();
                tell("member", () -> await(end));
              },
              "member " + i);
    }
    System.out.println("unstarted " + outer.activeCount() + " " + names(outer, true));
    Arrays.stream(threads).forEach(Thread::start);
    started.await();
    System.out.println("outer " + outer.activeCount() + " " + names(outer, true));
    System.out.println("alone " + names(outer, false));
    System.out.println("inner " + inner.activeCount() + " " + names(inner, true));
    System.out.println("groups " + outer.activeGroupCount() + " " + outer.parentOf(inner));
    System.out.println("too short " + outer.enumerate(new Thread[3]));
    System.out.println("handles " + Arrays.asList(list(inner, true)).contains(threads[1]));
    Thread inside = new Thread(inner, () -> tell("inside", AdoptionGroups::mine), "asks");
    inside.start();
    inside.join();
    inner.interrupt();
    for (int i = 1; i < threads.length; i += 2) {
      threads[i].join();
    }
    System.out.println("after inner " + names(outer, true));
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("after all " + outer.activeCount() + " " + threads[0].getThreadGroup());
  }

  private static boolean await(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return true;
  }

  private static String mine() {
    Thread[] all = new Thread[MEMBERS + 9];
    int n = Thread.enumerate(all);
    return Thread.activeCount() + " " + n + Arrays.asList(all).contains(Thread.currentThread());
  }

  private static Thread[] list(ThreadGroup group, boolean deep) {
    Thread[] all = new Thread[99];
    group.enumerate(all, deep);
    return all;
  }

  private static String names(ThreadGroup group, boolean deep) {
    return Arrays.stream(list(group, deep))
        .filter(Objects::nonNull)
        .map(Thread::getName)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static void limits() throws Exception {
    ThreadGroup group = new ThreadGroup("limited");
    group.setMaxPriority(3);
    Thread thread =
        new Thread(group, () -> System.out.println(Thread.currentThread().getPriority()));
    thread.setPriority(7);
    thread.start();
    thread.join();
    System.out.println("at most " + group.getMaxPriority() + " " + thread.getPriority());
  }

  private static void allStackTraces() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread[] threads = new Thread[MEMBERS];
    for (int i = 0; i < MEMBERS; i++) {
      threads[i] = AdoptionThreads.start("listed " + i, end::await);
      AdoptionThreads.await(threads[i], Thread.State.WAITING);
    }
    Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
    for (Thread thread : threads) {
      String own =
          Arrays.stream(all.get(thread))
              .filter(frame -> frame.getClassName().endsWith("AdoptionThreads"))
              .map(StackTraceElement::getMethodName)
              .collect(Collectors.joining(" "));
      System.out.println(thread.getName() + ": " + own);
    }
    long ours = all.keySet().stream().filter(t -> t.getName().startsWith("listed")).count();
    System.out.println("each once " + ours);
    end.countDown();
  }
}
