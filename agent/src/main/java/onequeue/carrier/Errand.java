package onequeue.carrier;

/** What a carrier does for an adopted thread that would need a kernel thread for it. */
final class Errand implements Runnable {
  private final Runnable task;
  private final Coroutine sender;
  private volatile boolean done;

  private Errand(Runnable task, Coroutine sender) {
    this.task = task;
    this.sender = sender;
  }

  /** Returns when the task has ended. */
  static void run(Runnable task, Coroutine sender) {
    Errand errand = new Errand(task, sender);
    new Coroutine(null).execute(errand);
    while (!errand.done) {
      sender.await(0);
    }
  }

  @Override
  public void run() {
    try {
      task.run();
    } finally {
      done = true;
      sender.wake();
    }
  }
}
