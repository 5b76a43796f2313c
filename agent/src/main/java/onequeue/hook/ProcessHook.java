package onequeue.hook;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
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
  private static final String HANDLE = "java.lang.ProcessHandleImpl";
  private static final String POOL = "processReaperExecutor";
  private static final String TASK = HANDLE + "$1";
  private static final String PID = "val$pid";

  private ProcessHook() {}

  /** What {@code status} says of it. */
  static String install(Instrumentation instrumentation, Options options, Features features) {
    if (options.mode() == Mode.OBSERVE) {
      return "a thread of the JDK each";
    }
    String why = "switched off by the option stock";
    if (!options.stock().contains("process")) {
      why = features.has("pidfd_open") ? put(instrumentation) : features.reason("pidfd_open");
    }
    return why.isEmpty() ? "pidfd" : "a thread of the JDK each (" + why + ")";
  }

  /** Why it could not be done; empty when it is. */
  private static String put(Instrumentation instrumentation) {
    try {
      Unsafe unsafe = Unsafe.getUnsafe();
      Field field = Class.forName(HANDLE, true, null).getDeclaredField(POOL);
      Class<?> task = Class.forName(TASK, false, null);
      if (task.getDeclaredField(PID).getType() != long.class) {
        return "not the JDK that we know";
      }
      Object base = unsafe.staticFieldBase(field);
      long offset = unsafe.staticFieldOffset(field);
      Executor pool = (Executor) unsafe.getReference(base, offset);
      exportUnsafe(instrumentation);
      unsafe.putReferenceVolatile(base, offset, new Processes(pool, task, PID));
      return "";
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  private static void exportUnsafe(Instrumentation instrumentation) {
    Set<Module> queue = Set.of(Processes.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("jdk.internal.misc", queue),
        Map.of(),
        Set.of(),
        Map.of());
  }
}
