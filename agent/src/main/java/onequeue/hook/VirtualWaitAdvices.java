package onequeue.hook;

import net.bytebuddy.asm.Advice;
import onequeue.event.MonitorEnters;
import onequeue.event.VirtualWaits;
import onequeue.queue.Hooks;

/**
 * Code that reports the waits of virtual threads, JDK 24 and later; put in with the first
 * recording.
 */
final class VirtualWaitAdvices {
  private VirtualWaitAdvices() {}

  /** {@code VirtualThread.park()}. */
  @Weaver.Into("park()V")
  static final class Park {
    private Park() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(@Advice.FieldValue("parkPermit") boolean permit) {
      return Hooks.recording && !permit ? VirtualWaits.park(-1) : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait) {
      if (wait != null) {
        VirtualWaits.end(wait, false);
      }
    }
  }

  /** {@code VirtualThread.parkNanos(nanos)}. */
  @Weaver.Into("parkNanos(J)V")
  static final class TimedPark {
    private TimedPark() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(
        @Advice.FieldValue("parkPermit") boolean permit, @Advice.Argument(0) long nanos) {
      return Hooks.recording && !permit && nanos > 0 ? VirtualWaits.park(nanos) : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait) {
      if (wait != null) {
        VirtualWaits.end(wait, false);
      }
    }
  }

  /** {@code VirtualThread.sleepNanos(nanos)}. */
  @Weaver.Into("sleepNanos(J)V")
  static final class Sleep {
    private Sleep() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(@Advice.Argument(0) long nanos) {
      return Hooks.recording && nanos > 0 ? VirtualWaits.sleep(nanos) : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait, @Advice.Thrown Throwable thrown) {
      if (wait != null) {
        VirtualWaits.end(wait, thrown != null);
      }
    }
  }

  /** {@code VirtualThread.unpark(lazySubmit)}: lazy when its own timer calls. */
  @Weaver.Into("unpark(Z)V")
  static final class Unpark {
    private Unpark() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Thread self, @Advice.Argument(0) boolean lazy) {
      if (Hooks.recording) {
        VirtualWaits.woken(self, lazy);
      }
    }
  }

  /** {@code Poller.poll}: a wait on a descriptor. */
  @Weaver.Into("poll(IIJLjava/util/function/BooleanSupplier;)V")
  static final class Poll {
    private Poll() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(
        @Advice.Argument(0) int fd, @Advice.Argument(1) int event, @Advice.Argument(2) long nanos) {
      return Hooks.recording ? VirtualWaits.poll(fd, event, nanos) : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait) {
      if (wait != null) {
        VirtualWaits.end(wait, false);
      }
    }
  }

  /** {@code Poller.pollSelector}: a wait in a selector. */
  @Weaver.Into("pollSelector(IJ)V")
  static final class PollSelector {
    private PollSelector() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(@Advice.Argument(0) int fd, @Advice.Argument(1) long nanos) {
      return Hooks.recording ? VirtualWaits.select(fd, nanos) : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait) {
      if (wait != null) {
        VirtualWaits.end(wait, false);
      }
    }
  }

  /** {@code Poller.stopPoll}: a descriptor is closed or shut down. */
  @Weaver.Into("stopPoll(II)V")
  static final class StopPoll {
    private StopPoll() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) int fd) {
      if (Hooks.recording) {
        VirtualWaits.stopped(fd);
      }
    }
  }

  /** {@code Selector.wakeup()}. */
  @Weaver.Into("wakeup")
  static final class Wakeup {
    private Wakeup() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.FieldValue("epfd") int fd) {
      if (Hooks.recording) {
        VirtualWaits.selectorWoken(fd);
      }
    }
  }

  /** {@code Object.wait(millis)}, which on JDK 24 and later is no native. */
  @Weaver.Into("wait(J)V")
  static final class Monitor {
    private Monitor() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(@Advice.This Object self, @Advice.Argument(0) long millis) {
      return Hooks.recording && millis >= 0 && Hooks.isVirtual(Thread.currentThread())
          ? VirtualWaits.monitor(self, millis)
          : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter Object wait, @Advice.Thrown Throwable thrown) {
      if (wait != null) {
        VirtualWaits.end(wait, thrown != null);
      }
    }
  }

  /** {@code VirtualThread.afterYield()}, on the carrier. */
  @Weaver.Into("afterYield()V")
  static final class Unmounted {
    private Unmounted() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Thread self, @Advice.FieldValue("state") int state) {
      if (Hooks.recording) {
        MonitorEnters.unmounted(self, state);
      }
    }
  }

  /** {@code VirtualThread.runContinuation()}, on the carrier. */
  @Weaver.Into("runContinuation()V")
  static final class Mounts {
    private Mounts() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(
        @Advice.This Thread self,
        @Advice.FieldValue("state") int state,
        @Advice.FieldValue("cont") Object continuation)
        throws ReflectiveOperationException {
      if (Hooks.recording) {
        MonitorEnters.mounts(self, state, continuation);
      }
    }
  }
}
