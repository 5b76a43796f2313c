package onequeue.launch;

import java.io.File;
import java.lang.instrument.Instrumentation;

/**
 * Where the VM enters the agent before the program's {@code main}.
 *
 * <p>Whatever goes wrong, one line says so and the program runs on as if we had not been there,
 * unless the user asked for {@code strict=true}.
 */
public final class Premain {
  private Premain() {}

  /**
   * @param args what stands behind {@code -javaagent:onequeue.jar=}; may be null
   */
  public static void premain(String args, Instrumentation instrumentation) {
    try {
      File jar = Isolation.ownJar();
      Isolation.of(jar)
          .loadClass("onequeue.hook.Agent")
          .getMethod("start", String.class, Instrumentation.class, File.class)
          .invoke(null, args, instrumentation, jar);
    } catch (Throwable e) {
      Throwable cause = e.getCause() != null ? e.getCause() : e;
      System.err.println("onequeue: not attached, the program runs as without it: " + cause);
    }
  }
}
