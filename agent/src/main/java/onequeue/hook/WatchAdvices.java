package onequeue.hook;

import net.bytebuddy.asm.Advice;
import onequeue.carrier.WatchThread;

/** Code for the JDK's watch services, JDK 25, whose threads become virtual ones. */
final class WatchAdvices {
  private WatchAdvices() {}

  /** {@code AbstractPoller.start()}, which starts a thread that runs the poller. */
  @Weaver.Into("start()V")
  static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This Runnable poller) {
      return WatchThread.start(poller);
    }
  }

  /** What that thread does, without end. */
  @Weaver.Into("run()V")
  @Weaver.Instead(call = "poll(II)I", by = WatchThread.class)
  static final class Wait {
    private Wait() {}
  }
}
