package onequeue.it.programs;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Exceptions that nobody catches, and the handlers that hear of them. */
public final class AdoptionUncaught {
  private AdoptionUncaught() {}

  /** Prints which handler heard; what the JDK says goes to the standard error. */
  public static void main(String[] args) throws Exception {
    own();
    group();
    Thread.setDefaultUncaughtExceptionHandler(handler("default"));
    throwing("nobody's").join();
    pools();
    Thread.setDefaultUncaughtExceptionHandler(null);
    handlerThatThrows();
    throwing("to standard error").join();
    new Thread(new ThreadGroup("plain"), AdoptionUncaught::fail, "in a plain group").start();
  }

  private static UncaughtExceptionHandler handler(String name) {
    return (thread, e) ->
        System.out.println(
            name
                + " heard "
                + e
                + " of "
                + thread.getName()
                + (thread == Thread.currentThread() ? " in it, " : " elsewhere, ")
                + thread.isAlive());
  }

  private static void fail() {
    throw new IllegalStateException("in " + Thread.currentThread().getName());
  }

  private static Thread throwing(String name) {
    Thread thread = new Thread(AdoptionUncaught::fail, name);
    thread.start();
    return thread;
  }

  private static void own() throws Exception {
    Thread thread = new Thread(AdoptionUncaught::fail, "thread with a handler");
    thread.setUncaughtExceptionHandler(handler("its own"));
    thread.start();
    thread.join();
    System.out.println("afterwards " + thread.getUncaughtExceptionHandler());
    Thread setsItself =
        new Thread(
            () -> {
              Thread.currentThread().setUncaughtExceptionHandler(handler("set inside"));
              throw new AssertionError("an error");
            },
            "sets its own");
    setsItself.start();
    setsItself.join();
  }

  private static void group() throws Exception {
    ThreadGroup group =
        new ThreadGroup("listening") {
          @Override
          public void uncaughtException(Thread thread, Throwable e) {
            System.out.println(getName() + " heard " + e + " of " + thread.getName());
          }
        };
    Thread thread =
        new Thread(new ThreadGroup(group, "child"), AdoptionUncaught::fail, "in the group");
    System.out.println(thread.getUncaughtExceptionHandler() == thread.getThreadGroup());
    thread.start();
    thread.join();
  }

  /** A task run by {@code execute} kills its thread, one that was submitted does not. */
  private static void pools() throws Exception {
    Set<Thread> made = ConcurrentHashMap.newKeySet();
    ExecutorService pool =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "pooled");
              made.add(thread);
              return thread;
            });
    pool.execute(AdoptionUncaught::fail);
    pool.submit(AdoptionUncaught::fail);
    pool.shutdown();
    boolean ended = pool.awaitTermination(30, TimeUnit.SECONDS);
    for (Thread thread : made) {
      thread.join();
    }
    System.out.println("pool ended " + ended + " " + made.size());
  }

  private static void handlerThatThrows() throws Exception {
    Thread thread = new Thread(AdoptionUncaught::fail, "twice unlucky");
    thread.setUncaughtExceptionHandler(
        (t, e) -> {
          throw new IllegalArgumentException("by the handler");
        });
    thread.start();
    thread.join();
    System.out.println("still there");
  }
}
