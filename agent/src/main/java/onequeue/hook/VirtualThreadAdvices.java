package onequeue.hook;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.Readiness;
import onequeue.carrier.VirtualThreads;
import onequeue.queue.Hooks;

/** Code that is copied into the JDK's classes around virtual threads, JDK 24 and later. */
final class VirtualThreadAdvices {
  private VirtualThreadAdvices() {}

  /** Where every virtual thread is made. */
  @Weaver.Into("newVirtualThread")
  static final class Funnel {
    private Funnel() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(value = 0, readOnly = false) Executor scheduler) {
      scheduler = Hooks.scheduler(scheduler);
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Argument(0) Executor scheduler, @Advice.Return Thread thread) {
      Hooks.made(scheduler, thread);
    }
  }

  /** The clock for timed waits. */
  @Weaver.Into("schedule")
  static final class Schedule {
    private Schedule() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Future<?> enter(
        @Advice.This Thread self,
        @Advice.Argument(0) Runnable expired,
        @Advice.Argument(1) long delay,
        @Advice.Argument(2) TimeUnit unit) {
      return VirtualThreads.schedule(self, expired, delay, unit);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter Future<?> timer, @Advice.Return(readOnly = false) Future<?> result) {
      if (timer != null) {
        result = timer;
      }
    }
  }

  /**
   * A program runs virtual threads on an executor of its own, whose threads are adopted. The JDK
   * refuses to have a virtual thread carried by another, before anything else: that costs the
   * others nothing.
   */
  @Weaver.Into("runContinuation()V")
  static final class Carry {
    private Carry() {}

    @Advice.OnMethodExit(onThrowable = RuntimeException.class)
    static void exit(
        @Advice.FieldValue("runContinuation") Runnable task,
        @Advice.Thrown(readOnly = false) Throwable refusal) {
      if (refusal != null && VirtualThreads.carry(task, refusal)) {
        refusal = null;
      }
    }
  }

  /** A virtual thread that cannot leave its carrier is about to park that. */
  @Weaver.Into("parkOnCarrierThread(ZJ)V")
  static final class PinnedPark {
    private PinnedPark() {}

    @Advice.OnMethodEnter
    static void enter() {
      VirtualThreads.dropCarrierPermit();
    }
  }

  /** An interrupt ends parks by itself. */
  @Weaver.Into("interrupt()V")
  static final class Interrupt {
    private Interrupt() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Thread self) {
      VirtualThreads.interrupted(self);
    }
  }

  /** A wait on a descriptor. */
  @Weaver.Into("poll(IIJLjava/util/function/BooleanSupplier;)V")
  static final class Poll {
    private Poll() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) int fd,
        @Advice.Argument(1) int event,
        @Advice.Argument(2) long nanos,
        @Advice.Argument(3) BooleanSupplier isOpen)
        throws IOException {
      Readiness.poll(fd, event, nanos, isOpen);
      return true;
    }
  }

  /** A wait in a selector. */
  @Weaver.Into("pollSelector(IJ)V")
  static final class PollSelector {
    private PollSelector() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.Argument(0) int fd, @Advice.Argument(1) long nanos)
        throws IOException {
      Readiness.poll(fd, 1, nanos, null);
      return true;
    }
  }

  /** A descriptor is closed or shut down. */
  @Weaver.Into("stopPoll(II)V")
  static final class StopPoll {
    private StopPoll() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.Argument(0) int fd, @Advice.Argument(1) int event) {
      Readiness.stop(fd, event);
      return true;
    }
  }

  /** A channel that virtual threads may have waited for is not to wait any more. */
  @Weaver.Into("implConfigureBlocking(Z)V")
  static final class NonBlocking {
    private NonBlocking() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.Argument(0) boolean blocking, @Advice.FieldValue("fdVal") int descriptor) {
      if (!blocking) {
        Readiness.alwaysLook(descriptor);
      }
    }
  }

  /** The JDK's own pollers need no threads. */
  @Weaver.Into("start()V")
  static final class NoPollers {
    private NoPollers() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }
}
