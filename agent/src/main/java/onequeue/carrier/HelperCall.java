package onequeue.carrier;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;

/**
 * A call that has to wait, made by a helper while the virtual thread that wants it is parked: the
 * JDK's own call with the arguments that the thread itself would give.
 */
final class HelperCall {
  private static final String OURS = "onequeue.";
  private static final String REFLECTION = ".reflect.";

  private final Method call;
  private final Object target;
  private final Object[] args;

  /** Of each channel that the call is in, the set of threads to be signalled when it is closed. */
  private final List<Object> channels = new ArrayList<>(2);

  private Coroutine waiter;
  private Object result;
  private Throwable thrown;
  private volatile boolean done;

  HelperCall(Method call, Object target, Object... args) {
    this.call = call;
    this.target = target;
    this.args = args;
  }

  /**
   * The call is in a channel.
   *
   * @param threads its set of threads; null is no channel
   */
  HelperCall in(Object threads) {
    if (threads != null) {
      channels.add(threads);
    }
    return this;
  }

  /** By a helper. */
  void run() {
    call();
    done = true;
    waiter.wake();
  }

  private void call() {
    try {
      result = inChannelsFrom(0);
    } catch (InvocationTargetException e) {
      thrown = e.getCause();
    } catch (Throwable e) {
      thrown = e;
    }
  }

  /** A close of the channel waits for the waiter to go, and signals the helper until it does. */
  private Object inChannelsFrom(int first) throws ReflectiveOperationException {
    if (first == channels.size()) {
      return call.invoke(target, args);
    }
    Object threads = channels.get(first);
    Object place = JdkFiles.JOIN.invoke(threads);
    try {
      return inChannelsFrom(first + 1);
    } finally {
      JdkFiles.LEAVE.invoke(threads, place);
    }
  }

  /**
   * Has a helper of that pool make the call, or makes it, if there is none.
   *
   * @param kind and descriptor (or -1) of the wait, for its event
   * @return what the call returns; it throws what the call throws
   */
  Object perform(Helpers pool, Kind kind, Coroutine me, int fd) {
    return perform(pool, kind, me, fd, null);
  }

  /**
   * @param resource what is waited for, if there is no descriptor
   */
  Object perform(Helpers pool, Kind kind, Coroutine me, int fd, String resource) {
    waiter = me;
    Object wait = Hooks.recording ? Hooks.reports.begin(kind, fd, resource) : null;
    try {
      if (!pool.submit(this)) {
        return perform();
      }
      await();
      return outcome();
    } finally {
      if (wait != null) {
        Hooks.reports.end(wait);
      }
    }
  }

  /** Makes the call on this thread. */
  Object perform() {
    call();
    return outcome();
  }

  private Object outcome() {
    if (thrown != null) {
      throw HelperCall.<RuntimeException>unchecked(asIfOwn(thrown));
    }
    return result;
  }

  private void await() {
    while (!done) {
      try {
        waiter.await(0);
      } catch (VirtualMachineError e) {
        // The helper still writes to memory that is given back when we return.
        Thread.onSpinWait();
      }
    }
  }

  /** The stack is that of the waiter, without us, and on top of it what was called. */
  private static Throwable asIfOwn(Throwable thrown) {
    StackTraceElement[] called = thrown.getStackTrace();
    thrown.fillInStackTrace();
    StackTraceElement[] own = thrown.getStackTrace();
    int top = 0;
    while (top < called.length && !called[top].getClassName().contains(REFLECTION)) {
      top++;
    }
    int from = 0;
    while (from < own.length && own[from].getClassName().startsWith(OURS)) {
      from++;
    }
    if (top > 0 && from < own.length && isSameMethod(called[top - 1], own[from])) {
      from++; // the helper was given the very method that asked for it
    }
    List<StackTraceElement> stack = new ArrayList<>(Arrays.asList(called).subList(0, top));
    stack.addAll(Arrays.asList(own).subList(from, own.length));
    thrown.setStackTrace(stack.toArray(new StackTraceElement[0]));
    return thrown;
  }

  private static boolean isSameMethod(StackTraceElement one, StackTraceElement other) {
    return one.getClassName().equals(other.getClassName())
        && one.getMethodName().equals(other.getMethodName());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
