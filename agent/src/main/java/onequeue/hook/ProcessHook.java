package onequeue.hook;

import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import jdk.internal.misc.Unsafe;
import onequeue.config.Mode;
import onequeue.config.Options;
import onequeue.nativehelper.Features;
import onequeue.queue.Processes;

/**
 * Puts the queue in front of the JDK's pool of reaper threads.
 *
 * <p>By the field that holds the pool: no class is changed, and a program that starts no process
 * pays for no more than a class that is loaded.
 */
final class ProcessHook {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final String HANDLE = "java.lang.ProcessHandleImpl";
  private static final String POOL = "processReaperExecutor";
  private static final String TASK = HANDLE + "$1";
  private static final String PID = "val$pid";

  private ProcessHook() {}

  /** What {@code status} says of it. */
  static String install(Options options, Mode mode, Features features) {
    if (mode == Mode.OBSERVE) {
      return "a thread of the JDK each";
    }
    String why = "switched off by the option stock";
    if (!options.stock().contains("process")) {
      why = features.has("pidfd_open") ? put() : features.reason("pidfd_open");
    }
    return why.isEmpty() ? "pidfd" : "a thread of the JDK each (" + why + ")";
  }

  /** Why it could not be done; empty when it is. */
  private static String put() {
    try {
      Field field = Class.forName(HANDLE, true, null).getDeclaredField(POOL);
      Field pid = Class.forName(TASK, false, null).getDeclaredField(PID);
      if (pid.getType() != long.class) {
        return "not the JDK that we know";
      }
      Object base = U.staticFieldBase(field);
      long offset = U.staticFieldOffset(field);
      Executor pool = (Executor) U.getReference(base, offset);
      long pidOffset = U.objectFieldOffset(pid);
      U.putReferenceVolatile(
          base,
          offset,
          new Processes(pool, pid.getDeclaringClass(), task -> U.getLong(task, pidOffset)));
      return "";
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return e.toString();
    }
  }
}
