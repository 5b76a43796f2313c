package onequeue.it.programs;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Threads of the kind that the system property {@code files.threads} names, platform or virtual.
 */
final class FilesThreads {
  private static final boolean VIRTUAL = "virtual".equals(System.getProperty("files.threads"));

  private static final long DEADLINE_NANOS = 30_000_000_000L;
  private static final long BETWEEN_LOOKS_NANOS = 200_000;

  private final Thread thread;
  private volatile String result;

  private FilesThreads(Callable<?> call) throws ReflectiveOperationException {
    Runnable task = () -> result = TransparencyWatch.outcome(call);
    thread = make(task);
    thread.start();
  }

  static FilesThreads start(Callable<?> call) throws ReflectiveOperationException {
    return new FilesThreads(call);
  }

  /** A thread that has not been started. By reflection: this is compiled for Java 17. */
  private static Thread make(Runnable task) throws ReflectiveOperationException {
    if (!VIRTUAL) {
      return new Thread(task);
    }
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    Method unstarted =
        Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
    return (Thread) unstarted.invoke(builder, task);
  }

  Thread thread() {
    return thread;
  }

  /**
   * Waits until the thread is in the JDK's method, which does not return for now.
   *
   * @param packages a pattern; of a file channel only the dispatcher below it counts
   */
  FilesThreads in(String packages, String method) {
    Pattern type = Pattern.compile("(" + packages + ")[.](File(In|Out)put.*|Random.*|Unix.*)");
    until("a thread in " + method, () -> isIn(type, method));
    return this;
  }

  /** Waits for the condition; between looks the cores are for the others. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("in vain: " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  private boolean isIn(Pattern type, String method) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (type.matcher(frame.getClassName()).matches()
          && frame.getMethodName().startsWith(method)) {
        return true;
      }
    }
    return false;
  }

  /** Waits for its end; what it gave or threw. */
  String end() throws InterruptedException {
    thread.join(60_000);
    return thread.isAlive() ? "NOT OVER" : result;
  }
}
