package onequeue.hook;

import java.util.Map;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import onequeue.carrier.Adopted;
import onequeue.carrier.Adoption;
import onequeue.carrier.StackTraces;

/** Code that is copied into java.lang.Thread and around it, in mode coroutine. */
final class ThreadAdvices {
  private ThreadAdvices() {}

  @Weaver.Into("start()V")
  static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This Thread self) {
      return Adoption.start(self, null);
    }
  }

  /** As a pool starts its threads. */
  @Weaver.Into("start(Ljdk/internal/vm/ThreadContainer;)V")
  static final class StartInContainer {
    private StartInContainer() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Thread self,
        @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object container) {
      return Adoption.start(self, container);
    }
  }

  @Weaver.Into("alive")
  static final class Alive {
    private Alive() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Return(readOnly = false) boolean result) {
      Adopted adopted = Adoption.of(self);
      if (adopted != null) {
        result = adopted.isAlive();
      }
    }
  }

  @Weaver.Into("threadState")
  static final class State {
    private State() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Thread self, @Advice.Return(readOnly = false) Thread.State result) {
      Adopted adopted = Adoption.of(self);
      if (adopted != null) {
        result = adopted.state();
      }
    }
  }

  @Weaver.Into("interrupt")
  static final class Interrupt {
    private Interrupt() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This Thread self) {
      Adopted adopted = Adoption.of(self);
      if (adopted == null) {
        return false;
      }
      adopted.interrupt();
      return true;
    }
  }

  @Weaver.Into("isInterrupted")
  static final class Interrupted {
    private Interrupted() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Return(readOnly = false) boolean result) {
      Adopted adopted = Adoption.of(self);
      if (adopted != null) {
        result = adopted.isInterrupted();
      }
    }
  }

  @Weaver.Into("getStackTrace")
  static final class Trace {
    private Trace() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static StackTraceElement[] enter(@Advice.This Thread self) {
      Adopted adopted = Adoption.of(self);
      return adopted == null ? null : StackTraces.of(adopted);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter StackTraceElement[] trace,
        @Advice.Return(readOnly = false) StackTraceElement[] result) {
      if (trace != null) {
        result = trace;
      }
    }
  }

  @Weaver.Into("setName")
  static final class Name {
    private Name() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Argument(0) String name) {
      Adoption.renamed(self, name);
    }
  }

  @Weaver.Into("setContextClassLoader")
  static final class Loader {
    private Loader() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Argument(0) ClassLoader loader) {
      Adoption.contextClassLoader(self, loader);
    }
  }

  /** What the JDK asks the virtual thread, for example on behalf of a thread it makes. */
  @Weaver.Into("getThreadGroup")
  static final class Group {
    private Group() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Thread self, @Advice.Return(readOnly = false) ThreadGroup result) {
      Thread handle = Adoption.handleOrNull(self);
      if (handle != null) {
        result = handle.getThreadGroup();
      }
    }
  }

  @Weaver.Into("isDaemon")
  static final class Daemon {
    private Daemon() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Return(readOnly = false) boolean result) {
      Thread handle = Adoption.handleOrNull(self);
      if (handle != null) {
        result = handle.isDaemon();
      }
    }
  }

  @Weaver.Into("getPriority")
  static final class Priority {
    private Priority() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self, @Advice.Return(readOnly = false) int result) {
      Thread handle = Adoption.handleOrNull(self);
      if (handle != null) {
        result = handle.getPriority();
      }
    }
  }

  @Weaver.Into("getAllThreads")
  static final class All {
    private All() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Thread[] result) {
      result = Adoption.withAdopted(result);
    }
  }

  @Weaver.Into("getAllStackTraces")
  static final class AllTraces {
    private AllTraces() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return Map<Thread, StackTraceElement[]> result) {
      Adoption.addStackTraces(result);
    }
  }

  /**
   * A sleep on a platform thread neither takes nor leaves a permit; one that is interrupted says
   * so.
   */
  @Weaver.Into("sleepNanos(J)V")
  static final class Sleep {
    private Sleep() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This Thread self, @Advice.Argument(0) long nanos) {
      return Adoption.sleep(self, nanos);
    }

    @Advice.OnMethodExit(onThrowable = InterruptedException.class)
    static void exit(@Advice.This Thread self, @Advice.Thrown Throwable thrown) {
      if (thrown != null) {
        Adoption.sleepInterrupted(self, thrown);
      }
    }
  }

  /** LockSupport, called with a thread that the program names. */
  @Weaver.Into({"unpark(Ljava/lang/Thread;)V", "getBlocker(Ljava/lang/Thread;)Ljava/lang/Object;"})
  static final class NamedThread {
    private NamedThread() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 0, readOnly = false) Thread thread) {
      thread = Adoption.running(thread);
    }
  }

  /** The VM goes down: its hooks run as ever. */
  @Weaver.Into("runHooks")
  static final class Shutdown {
    private Shutdown() {}

    @Advice.OnMethodEnter
    static void enter() {
      Adoption.over = true;
    }
  }

  /** The stack trace of an exception. */
  @Weaver.Into("of(Ljava/lang/Object;I)[Ljava/lang/StackTraceElement;")
  static final class Trim {
    private Trim() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) StackTraceElement[] result) {
      result = StackTraces.trim(result);
    }
  }
}
