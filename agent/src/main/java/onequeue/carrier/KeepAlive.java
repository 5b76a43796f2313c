package onequeue.carrier;

/**
 * Keeps the process alive while an adopted thread runs that is no daemon: all virtual threads are
 * daemons to the VM, so one platform thread that is none waits for as long as needed.
 */
final class KeepAlive extends Thread {
  private static final Object LOCK = new Object();
  private static int threads;
  private static Thread keeper;

  private KeepAlive() {
    super(Carriers.group(), null, "onequeue-keep-alive", 0, false);
    setDaemon(false);
  }

  static void add() {
    synchronized (LOCK) {
      threads++;
      if (keeper == null) {
        keeper = new KeepAlive();
        keeper.start();
      }
    }
  }

  static void remove() {
    synchronized (LOCK) {
      if (--threads == 0) {
        LOCK.notifyAll();
      }
    }
  }

  @Override
  public void run() {
    synchronized (LOCK) {
      while (threads > 0) {
        try {
          LOCK.wait();
        } catch (InterruptedException e) {
          // Nobody has a reason to; the count decides.
        }
      }
      keeper = null;
    }
  }
}
