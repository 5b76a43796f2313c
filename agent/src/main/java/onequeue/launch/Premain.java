package onequeue.launch;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.security.AllPermission;

/**
 * Where the VM enters the agent before the program's {@code main}.
 *
 * <p>Whatever goes wrong, one line says so and the program runs on as if we had not been there.
 * Compiled for Java 8, so that an old VM gets that line too instead of an abort.
 */
public final class Premain {
  private Premain() {}

  /**
   * @param args what stands behind {@code -javaagent:onequeue.jar=}; may be null
   */
  public static void premain(String args, Instrumentation instrumentation) {
    String version = System.getProperty("java.specification.version", "unknown");
    if (version.startsWith("1.") || version.length() == 1 || version.compareTo("17") < 0) {
      say("it knows JDK 17 and 25, this is " + version + "; use one of these");
      endIfStrict(args);
      return;
    }
    if (isRestricted()) {
      say("the security manager does not permit it; remove -Djava.security.manager");
      endIfStrict(args);
      return;
    }
    try {
      Class.forName("onequeue.launch.Isolation")
          .getDeclaredMethod("start", String.class, Instrumentation.class)
          .invoke(null, args, instrumentation);
    } catch (Throwable e) {
      say(String.valueOf(cause(e)));
      endIfStrict(args);
    }
  }

  @SuppressWarnings("removal") // later VMs have none
  private static boolean isRestricted() {
    SecurityManager manager = System.getSecurityManager();
    try {
      if (manager != null) {
        manager.checkPermission(new AllPermission());
      }
      return false;
    } catch (SecurityException e) {
      return true;
    }
  }

  private static Throwable cause(Throwable e) {
    while (e instanceof InvocationTargetException && e.getCause() != null) {
      e = e.getCause();
    }
    return e;
  }

  /** The options are not parsed when we fail this early; this one must count all the same. */
  private static void endIfStrict(String args) {
    try {
      if (("," + args + ",").contains(",strict=true,") || Boolean.getBoolean("onequeue.strict")) {
        Runtime.getRuntime().halt(1);
      }
    } catch (SecurityException e) {
      say("nor may it end the program, as the option strict wants");
    }
  }

  private static void say(String why) {
    System.err.println("onequeue: not attached, the program runs as without it: " + why);
  }
}
