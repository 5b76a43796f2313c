package onequeue.it.programs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Attaches a tool to itself, while virtual threads park again and again, and starts some more.
 * Argument: the tool's library, or nothing if it is there already.
 */
public final class ToolAttached {
  private static final int THREADS = 8;
  private static final long PARK_NANOS = 20_000;
  private static final int MORE = 100;

  private ToolAttached() {}

  public static void main(String[] args) throws Exception {
    AtomicLongArray parks = new AtomicLongArray(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int me = i;
      startVirtual(() -> parkForEver(() -> parks.getAndIncrement(me)));
    }
    if (args.length > 0) {
      attach(args[0]);
    }
    for (int i = 0; i < MORE; i++) {
      startVirtual(() -> LockSupport.parkNanos(PARK_NANOS)).join();
    }
    for (int i = 0; i < THREADS; i++) {
      long before = parks.get(i);
      while (parks.get(i) == before) {
        Thread.onSpinWait();
      }
    }
    System.out.println("all go on");
  }

  /** By reflection, for this is compiled for Java 17. */
  private static Thread startVirtual(Runnable body) throws ReflectiveOperationException {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
  }

  private static void parkForEver(Runnable parked) {
    while (true) {
      LockSupport.parkNanos(PARK_NANOS);
      parked.run();
    }
  }

  private static void attach(String library) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(ProcessHandle.current().pid()),
                "JVMTI.agent_load",
                library)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes());
    System.out.println("return code" + said.split("return code")[1].trim());
    jcmd.waitFor();
  }
}
