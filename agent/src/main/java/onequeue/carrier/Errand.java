package onequeue.carrier;

import java.util.concurrent.locks.LockSupport;

/** What a carrier does for an adopted thread that would need a kernel thread for it. */
final class Errand implements Runnable {
  private final Runnable task;
  private final Thread sender = Thread.currentThread();
  private volatile boolean done;

  private Errand(Runnable task) {
    this.task = task;
  }

  /** Returns when the task has ended, and true. The status of interruption stays as it is. */
  static boolean run(Runnable task) {
    Errand errand = new Errand(task);
    new Coroutine(null).execute(errand);
    boolean interrupted = false;
    while (!errand.done) {
      LockSupport.park(errand);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Override
  public void run() {
    try {
      task.run();
    } finally {
      done = true;
      LockSupport.unpark(sender);
    }
  }
}
