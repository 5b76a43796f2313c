package onequeue.hook;

import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;

/**
 * Has the watch services that are made from here on wait on our carriers, without a thread of their
 * own. Put in with the first virtual thread: carriers are not started for watch services alone.
 */
final class WatchHook {
  private static final Map<String, List<Class<?>>> ADVICE =
      Map.of(
          "sun/nio/fs/AbstractPoller",
          List.of(WatchAdvices.Start.class),
          "sun/nio/fs/LinuxWatchService$Poller",
          List.of(WatchAdvices.Wait.class));

  private WatchHook() {}

  /** After the classes of onequeue.carrier are defined. */
  static void install(Instrumentation instrumentation) {
    try {
      JavaBase.open(instrumentation, "sun.nio.fs");
      Class.forName("onequeue.carrier.WatchThread", true, null);
      WovenTogether.weave(instrumentation, ADVICE);
    } catch (Throwable e) {
      System.err.println(
          "onequeue: watch services keep threads of their own, as without us: "
              + (e.getCause() != null ? e.getCause() : e));
    }
  }
}
