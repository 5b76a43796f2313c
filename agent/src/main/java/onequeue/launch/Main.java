package onequeue.launch;

import java.lang.reflect.InvocationTargetException;

/** The command line tool: {@code java -jar onequeue.jar COMMAND}. */
public final class Main {
  private Main() {}

  /** Exits with 0 when the command did what it says, else with 1, or 2 for a wrong command line. */
  public static void main(String[] args) throws Exception {
    try {
      Object exitCode =
          Isolation.of(Isolation.ownJar())
              .loadClass("onequeue.report.CommandLineTool")
              .getMethod("run", String[].class)
              .invoke(null, (Object) args);
      System.exit((Integer) exitCode);
    } catch (InvocationTargetException e) {
      System.err.println("onequeue: " + e.getCause());
      System.exit(1);
    }
  }
}
