package onequeue.it.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A thread whose sleep in the kernel others can await, whatever it sleeps in. */
final class Asleep extends Thread {
  private static final int LOOKS = 15;

  /** What the thread does; it may throw. */
  interface Body {
    void run() throws Exception;
  }

  private final Body body;
  private volatile String task;

  private Asleep(String name, Body body) {
    super(name);
    this.body = body;
  }

  static Asleep unstarted(String name, Body body) {
    return new Asleep(name, body);
  }

  static Asleep start(String name, Body body) {
    Asleep thread = unstarted(name, body);
    thread.start();
    return thread;
  }

  @Override
  public void run() {
    try {
      task = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
      body.run();
    } catch (Exception e) {
      System.out.println(getName() + ": " + e);
    }
  }

  /** Returns when the thread has been seen asleep, and not scheduled, in a row of looks. */
  Asleep await() throws IOException {
    String last = "";
    for (int same = 0; same < LOOKS; LockSupport.parkNanos(2_000_000)) {
      String now = task == null ? "" : switches();
      same = !now.isEmpty() && now.equals(last) ? same + 1 : 0;
      last = now;
    }
    return this;
  }

  /** Likewise for a virtual thread, which the kernel does not know. */
  static void await(Thread virtual) {
    for (int same = 0; same < LOOKS; LockSupport.parkNanos(2_000_000)) {
      State state = virtual.getState();
      same = state == State.WAITING || state == State.TIMED_WAITING ? same + 1 : 0;
    }
  }

  private String switches() throws IOException {
    StringBuilder state = new StringBuilder();
    for (String line : Files.readAllLines(Path.of("/proc/self/task", task, "status"))) {
      if (line.startsWith("State:") && !line.contains("S (sleeping)")) {
        return "";
      }
      if (line.contains("ctxt_switches")) {
        state.append(line);
      }
    }
    return state.toString();
  }
}
