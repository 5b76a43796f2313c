package onequeue.carrier;

import java.util.List;
import java.util.concurrent.ForkJoinWorkerThread;
import jdk.internal.misc.Unsafe;

/** Which threads are adopted. On doubt: none. */
public final class AdoptionRules {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long HOLDER = U.objectFieldOffset(Thread.class, "holder");
  private static final long TASK = U.objectFieldOffset(holderType(), "task");
  private static final long STACK_SIZE = U.objectFieldOffset(holderType(), "stackSize");

  /** JDK classes whose threads do the program's work. */
  private static final List<String> WORKERS =
      List.of(
          "java.util.concurrent.ThreadPoolExecutor$Worker",
          "java.util.concurrent.FutureTask",
          "java.util.TimerThread",
          "sun.net.httpserver.");

  /** A thread that asked for more than this keeps its own. */
  private static final long MOST_STACK_BYTES = Carrier.STACK_BYTES / 4;

  private static String[] included = {"*"};
  private static String[] excluded = {};

  private AdoptionRules() {}

  /**
   * What the user wants: patterns with *, for the name of a thread, its class or its task's class.
   * Before the first thread is adopted.
   */
  public static void choose(String[] include, String[] exclude) {
    included = include;
    excluded = exclude;
  }

  /** Null when the thread is to be adopted. */
  static String reasonNot(Thread thread) {
    if (thread instanceof ForkJoinWorkerThread) {
      return "a thread of a ForkJoinPool"; // which looks at the class of the running thread
    }
    if (thread.getClass() != Thread.class && isOfJdk(thread.getClass())) {
      return "a thread of the JDK";
    }
    Object holder = U.getReference(thread, HOLDER);
    Object task = U.getReference(holder, TASK);
    if (thread.getClass() == Thread.class && task != null && isOfJdk(task.getClass())) {
      return "a task of the JDK";
    }
    if (task != null && ChannelGroups.waitsFor(task)) {
      return "it waits for a group of channels"; // in the kernel, for as long as it lives
    }
    if (U.getLong(holder, STACK_SIZE) > MOST_STACK_BYTES) {
      return "it wants a larger stack";
    }
    if (matches(excluded, thread, task)) {
      return "excluded by the user";
    }
    return matches(included, thread, task) ? null : "not included by the user";
  }

  private static boolean matches(String[] patterns, Thread thread, Object task) {
    for (String pattern : patterns) {
      if (matches(pattern, thread.getName())
          || matches(pattern, thread.getClass().getName())
          || (task != null && matches(pattern, task.getClass().getName()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the whole text fits the pattern, in which * stands for any characters. */
  static boolean matches(String pattern, String text) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return text.equals(pattern);
    }
    if (!text.startsWith(pattern.substring(0, star))) {
      return false;
    }
    String rest = pattern.substring(star + 1);
    for (int at = star; at <= text.length(); at++) {
      if (matches(rest, text.substring(at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
      return false;
    }
    for (String worker : WORKERS) {
      if (type.getName().startsWith(worker)) {
        return false;
      }
    }
    return true;
  }

  private static Class<?> holderType() {
    try {
      return Class.forName("java.lang.Thread$FieldHolder", false, null);
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(e.getMessage());
    }
  }
}
