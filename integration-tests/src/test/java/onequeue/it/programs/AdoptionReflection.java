package onequeue.it.programs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/** A thread asks who it is in the ways of frameworks and of languages other than Java. */
public final class AdoptionReflection {
  private AdoptionReflection() {}

  /** Prints whether the answer is always the same. */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("reflection", AdoptionReflection::ask);
  }

  private static void ask() throws Exception {
    Thread self = Thread.currentThread();
    Method reflected = Thread.class.getMethod("currentThread");
    System.out.println("reflection " + (reflected.invoke(null) == self));
    MethodHandle handle =
        MethodHandles.lookup()
            .findStatic(Thread.class, "currentThread", MethodType.methodType(Thread.class));
    try {
      System.out.println("method handle " + ((Thread) handle.invokeExact() == self));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    for (Method method : Thread.class.getMethods()) {
      if (method.getName().equals("isVirtual")) {
        System.out.println("virtual " + method.invoke(self));
      }
    }
  }
}
