package onequeue.hook;

import java.nio.file.WatchKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import onequeue.event.Recorder;
import onequeue.queue.Hooks;

/**
 * Code that is copied into JDK classes. Static, without fields, a line or three that call one class
 * of the boot loader.
 */
final class Advices {
  /** By the class they go into. */
  static final Map<String, List<Class<?>>> BY_CLASS =
      Map.of(
          "java/util/concurrent/ThreadPoolExecutor",
          List.of(Pool.class),
          "java/util/concurrent/ForkJoinPool",
          List.of(Pool.class),
          "sun/nio/fs/AbstractWatchService",
          List.of(Watch.class),
          "java/lang/ProcessImpl",
          List.of(ChildExit.class),
          "java/lang/VirtualThread",
          List.of(
              VirtualWaitAdvices.Park.class,
              VirtualWaitAdvices.TimedPark.class,
              VirtualWaitAdvices.Sleep.class,
              VirtualWaitAdvices.Unmounted.class,
              VirtualWaitAdvices.Mounts.class,
              VirtualWaitAdvices.Unpark.class),
          "sun/nio/ch/Poller",
          List.of(
              VirtualWaitAdvices.Poll.class,
              VirtualWaitAdvices.PollSelector.class,
              VirtualWaitAdvices.StopPoll.class),
          "sun/nio/ch/EPollSelectorImpl",
          List.of(VirtualWaitAdvices.Wakeup.class),
          "java/lang/Object",
          List.of(
              VirtualWaitAdvices.Monitor.class)); // nothing to do on JDK 17: it is a native there

  private Advices() {}

  /** The way into Flight Recorder: {@code FlightRecorder.getFlightRecorder()}. */
  @Weaver.Into("getFlightRecorder")
  static final class Door {
    private Door() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit() {
      Hooks.flightRecorder();
    }
  }

  /** A pool's worker that has nothing to do: {@code getTask()}, {@code awaitWork(..)}. */
  @Weaver.Into({"getTask", "awaitWork"})
  static final class Pool {
    private Pool() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static int enter() {
      return Hooks.idle();
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter int idle) {
      if (idle != 0) {
        Hooks.busy(idle);
      }
    }
  }

  /** {@code WatchService.take()} and {@code poll(timeout, unit)}. */
  @Weaver.Into({"take", "poll"})
  static final class Watch {
    private Watch() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter() {
      return Hooks.recording ? Recorder.watching() : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(
        @Advice.Enter Object event,
        @Advice.AllArguments Object[] args,
        @Advice.Return(readOnly = true) WatchKey key) {
      if (event != null) {
        Recorder.watched(
            event, key, args.length < 2 ? -1 : ((TimeUnit) args[1]).toNanos((Long) args[0]));
      }
    }
  }

  /** {@code Process.waitFor()} and {@code waitFor(timeout, unit)}. */
  @Weaver.Into("waitFor")
  static final class ChildExit {
    private ChildExit() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static Object enter(
        @Advice.This Process process,
        @Advice.FieldValue("hasExited") boolean exited,
        @Advice.AllArguments Object[] args) {
      return Hooks.recording && !exited
          ? Recorder.waitingFor(
              process, args.length < 2 ? -1 : ((TimeUnit) args[1]).toNanos((Long) args[0]))
          : null;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(
        @Advice.Enter Object event,
        @Advice.Thrown Throwable thrown,
        @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object result) {
      if (event != null) {
        Recorder.waitedFor(event, thrown != null, Boolean.FALSE.equals(result));
      }
    }
  }
}
