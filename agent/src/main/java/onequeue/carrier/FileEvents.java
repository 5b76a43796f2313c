package onequeue.carrier;

import java.lang.reflect.Method;

/** The JDK's own events of those calls on streams that we make in its place. */
final class FileEvents {
  static final FileEvents READ = new FileEvents("jdk.internal.event.FileReadEvent");
  static final FileEvents WRITE = new FileEvents("jdk.internal.event.FileWriteEvent");

  /** Nothing is recorded. */
  static final long NONE = 0;

  private final Method enabled;
  private final Method timestamp;
  private final Method offer;

  private FileEvents(String type) {
    enabled = Jdk.method(Jdk.type(type), "enabled");
    timestamp = Jdk.method(Jdk.type(type), "timestamp");
    offer = Jdk.method(Jdk.type(type), "offer", long.class, String.class, long.class);
  }

  /** On the clock of the recorder, or {@link #NONE}. */
  long begin() {
    try {
      return (boolean) enabled.invoke(null) ? (long) timestamp.invoke(null) : NONE;
    } catch (ReflectiveOperationException e) {
      return NONE;
    }
  }

  /**
   * @param bytes -1 at the end of the file
   */
  void end(long start, String path, long bytes) {
    try {
      offer.invoke(null, start, path, bytes);
    } catch (ReflectiveOperationException e) {
      Carriers.failed(e);
    }
  }
}
