package onequeue.hook;

import java.lang.instrument.Instrumentation;
import jdk.internal.access.SharedSecrets;
import onequeue.queue.Native;

/**
 * Has waiting threads leave the queue as the last thing that a VM does in Java: before it ends it
 * waits up to 0.3 s for those in native code, and a daemon thread that is parked is none in stock.
 */
final class EndHook implements Runnable {
  /** Of the JDK's own hooks; the program's are run in the second. */
  private static final int LAST_SLOT = 9;

  private EndHook() {}

  static void install(Instrumentation instrumentation) {
    Boot.open(instrumentation, "jdk.internal.access");
    try {
      SharedSecrets.getJavaLangAccess().registerShutdownHook(LAST_SLOT, false, new EndHook());
    } catch (InternalError | IllegalStateException | LinkageError e) {
      // The slot is taken, or the VM ends already: it takes longer, that is all.
    }
  }

  @Override
  public void run() {
    Native.leave();
  }
}
