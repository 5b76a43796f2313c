package onequeue.carrier;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;

/**
 * A call that has to wait, made by a helper while the virtual thread that wants it is parked: the
 * JDK's own call with the arguments that the thread itself would give.
 */
final class FileOperation {
  private static final String OURS = "onequeue.";

  private final Method call;
  private final Object target;
  private final Object[] args;

  /** The channel's set of threads to be signalled when it is closed, or null. */
  private final Object threads;

  private final Thread waiter = Thread.currentThread();
  private Object result;
  private Throwable thrown;
  private volatile boolean done;

  FileOperation(Object threads, Method call, Object target, Object... args) {
    this.threads = threads;
    this.call = call;
    this.target = target;
    this.args = args;
  }

  /** By a helper. */
  void run() {
    call();
    done = true;
    LockSupport.unpark(waiter);
  }

  private void call() {
    try {
      result = threads == null ? call.invoke(target, args) : interruptibly();
    } catch (InvocationTargetException e) {
      thrown = e.getCause();
    } catch (Throwable e) {
      thrown = e;
    }
  }

  /** A close of the channel waits for the waiter to go, and signals the helper until it does. */
  private Object interruptibly() throws ReflectiveOperationException {
    Object place = JdkFiles.JOIN.invoke(threads);
    try {
      return call.invoke(target, args);
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
  Object perform(FileHelpers pool, Kind kind, Coroutine me, int fd) {
    Object wait = Hooks.recording ? Hooks.reports.begin(kind, fd) : null;
    try {
      if (!pool.submit(this)) {
        return perform();
      }
      await(me);
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
      throw FileOperation.<RuntimeException>unchecked(asIfOwn(thrown));
    }
    return result;
  }

  private void await(Coroutine me) {
    Patience patience = new Patience(me);
    try {
      while (!done) {
        try {
          LockSupport.park();
          patience.putInterruptAside();
        } catch (VirtualMachineError e) {
          Thread
              .onSpinWait(); // the helper still writes to memory that is given back when we return
        }
      }
    } finally {
      patience.end();
    }
  }

  /** The stack is that of the waiter, without us. */
  private static Throwable asIfOwn(Throwable thrown) {
    thrown.fillInStackTrace();
    StackTraceElement[] stack = thrown.getStackTrace();
    int from = 0;
    while (from < stack.length && stack[from].getClassName().startsWith(OURS)) {
      from++;
    }
    thrown.setStackTrace(Arrays.copyOfRange(stack, from, stack.length));
    return thrown;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
