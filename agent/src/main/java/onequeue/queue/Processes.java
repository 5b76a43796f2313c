package onequeue.queue;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

/**
 * Waits for the end of processes. Stands in front of the JDK's pool of reaper threads, of which
 * stock has one blocked in the kernel for each process that is waited for.
 *
 * <p>Here one thread of that pool, the leader, waits for all of them in the queue. When one has
 * ended, the leader lets another thread of the pool lead, if there are more to wait for, and runs
 * the JDK's own task, which finds nothing to wait for: so exit codes, order and threads are
 * stock's. Nobody waits behind that task, for it may block as long as the program likes: it takes
 * the locks of the process's streams.
 *
 * <p>Protocol, all of it under the lock: {@code led} says that somebody leads, or was told to; it
 * is true whenever there are tasks. Who adds the first task calls a leader; a leader that took the
 * last one leaves. What fails falls back to a thread of the pool for that process.
 */
public final class Processes implements Executor {
  private final Executor pool;
  private final Class<?> taskClass;
  private final ToLongFunction<Runnable> pidOf;
  private final Runnable leader = new Leader();
  private final Object lock = new Object();

  /** By descriptor. An array: a full heap must not cost us what we know. */
  private Runnable[] tasks = {};

  private int count;
  private boolean led;
  private boolean broken;

  /**
   * @param pool the JDK's own
   * @param taskClass what it is given to wait for a process
   * @param pidOf reads the pid from that
   */
  public Processes(Executor pool, Class<?> taskClass, ToLongFunction<Runnable> pidOf) {
    this.pool = pool;
    this.taskClass = taskClass;
    this.pidOf = pidOf;
  }

  @Override
  public void execute(Runnable task) {
    if (task.getClass() != taskClass || !watch(task)) {
      pool.execute(task);
    }
  }

  private boolean watch(Runnable task) {
    synchronized (lock) {
      int descriptor = broken ? -1 : Native.watchProcess(pidOf.applyAsLong(task));
      if (descriptor < 0) {
        return false;
      }
      if (!hasRoom(descriptor)) {
        Native.forgetProcess(descriptor);
        return false;
      }
      tasks[descriptor] = task;
      count++;
      led = led || lead();
      if (!led) {
        take(descriptor);
      }
      return led;
    }
  }

  private boolean hasRoom(int descriptor) {
    if (descriptor >= tasks.length) {
      try {
        tasks = Arrays.copyOf(tasks, Integer.highestOneBit(descriptor) << 1);
      } catch (OutOfMemoryError e) {
        return false;
      }
    }
    return true;
  }

  /** Null when another leader was told of an earlier process with that descriptor. */
  private Runnable take(int descriptor) {
    Runnable task = tasks[descriptor];
    if (task != null) {
      tasks[descriptor] = null;
      count--;
      Native.forgetProcess(descriptor);
    }
    return task;
  }

  /** False when there is no thread to be had. */
  private boolean lead() {
    try {
      pool.execute(leader);
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /** The wait no longer works: a thread each, as stock. */
  private void giveUp() {
    broken = true;
    for (int i = 0; i < tasks.length; i++) {
      if (tasks[i] != null) {
        pool.execute(take(i));
      }
    }
  }

  /** On a thread with a small stack. A class of its own: the JDK avoids lambdas there too. */
  private final class Leader implements Runnable {
    @Override
    public void run() {
      boolean lead = true;
      while (lead) {
        int descriptor = Native.awaitProcess();
        Runnable ended;
        synchronized (lock) {
          if (descriptor < 0) {
            giveUp();
            return;
          }
          ended = take(descriptor);
          led = count > 0;
          lead = led && !lead();
        }
        run(ended, lead);
      }
    }

    /** Who has found nobody to lead goes on, whatever comes. */
    private void run(Runnable ended, boolean lead) {
      try {
        if (ended != null) {
          ended.run();
        }
      } catch (Throwable e) {
        if (!lead) {
          throw e;
        }
      }
    }
  }
}
