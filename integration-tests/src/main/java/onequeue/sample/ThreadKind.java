package onequeue.sample;

import java.util.concurrent.ThreadFactory;

/** The kind of thread that a sample program starts. */
public enum ThreadKind {
  /** Threads of the kernel. */
  PLATFORM,
  /** The JDK's own coroutines, which need JDK 21. */
  VIRTUAL;

  /**
   * Makes threads of this kind.
   *
   * @return not null; its threads are not started and have no name of ours
   * @throws IllegalStateException when this JDK has no such threads
   */
  public ThreadFactory factory() {
    return this == PLATFORM ? Thread::new : virtual();
  }

  /** Found by name, so that the rest runs on JDK 17. */
  private static ThreadFactory virtual() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (ThreadFactory)
          Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this JDK has no virtual threads", missing);
    }
  }
}
