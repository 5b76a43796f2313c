package onequeue.hook;

import java.io.FileDescriptor;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.ChannelWait;
import onequeue.carrier.FileCalls;
import onequeue.carrier.ScatterCalls;

/** Code that is copied into the bottom of file channels, JDK 25, for virtual threads. */
final class FileAdvices {
  private FileAdvices() {}

  @Weaver.Into("read(Ljava/io/FileDescriptor;JI)I")
  static final class Read {
    private Read() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int len) {
      return FileCalls.read(file, address, len);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("pread(Ljava/io/FileDescriptor;JIJ)I")
  static final class PositionedRead {
    private PositionedRead() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int len,
        @Advice.Argument(3) long at) {
      return FileCalls.pread(file, address, len, at);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("readv(Ljava/io/FileDescriptor;JI)J")
  static final class Scatter {
    private Scatter() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static long enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int count) {
      return ScatterCalls.readv(file, address, count);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter long ours, @Advice.Return(readOnly = false) long result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("write(Ljava/io/FileDescriptor;JI)I")
  static final class Write {
    private Write() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int len) {
      return FileCalls.write(file, address, len);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("pwrite(Ljava/io/FileDescriptor;JIJ)I")
  static final class PositionedWrite {
    private PositionedWrite() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int len,
        @Advice.Argument(3) long at) {
      return FileCalls.pwrite(file, address, len, at);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("writev(Ljava/io/FileDescriptor;JI)J")
  static final class Gather {
    private Gather() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static long enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int count) {
      return ScatterCalls.writev(file, address, count);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter long ours, @Advice.Return(readOnly = false) long result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("force(Ljava/io/FileDescriptor;Z)I")
  static final class Force {
    private Force() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(
        @Advice.Argument(0) FileDescriptor file, @Advice.Argument(1) boolean metaData) {
      return FileCalls.force(file, metaData);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter Object ours, @Advice.Return(readOnly = false) int result) {
      if (ours != null) {
        result = (Integer) ours;
      }
    }
  }

  @Weaver.Into("lock(Ljava/io/FileDescriptor;ZJJZ)I")
  static final class Lock {
    private Lock() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(
        @Advice.Argument(0) FileDescriptor file,
        @Advice.Argument(1) boolean blocking,
        @Advice.Argument(2) long at,
        @Advice.Argument(3) long size,
        @Advice.Argument(4) boolean shared) {
      return blocking ? FileCalls.lock(file, at, size, shared) : null;
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter Object ours, @Advice.Return(readOnly = false) int result) {
      if (ours != null) {
        result = (Integer) ours;
      }
    }
  }

  /** {@code NativeThreadSet.add()}: a thread begins to use the channel that has the set. */
  @Weaver.Into("add()I")
  static final class Join {
    private Join() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Object threads, @Advice.Return(readOnly = true) int place) {
      if (place < 0) { // it is virtual
        FileCalls.joins(threads);
      }
    }
  }

  /** {@code NativeThreadSet.signalAndWait()}: the channel that has the set is being closed. */
  @Weaver.Into("signalAndWait()V")
  static final class Close {
    private Close() {}

    @Advice.OnMethodEnter
    static boolean enter(
        @Advice.This Object threads, @Advice.FieldValue("otherThreads") int virtual) {
      if (virtual == 0) {
        return false;
      }
      ChannelWait.closing(threads);
      return true;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.This Object threads, @Advice.Enter boolean entered) {
      if (entered) {
        ChannelWait.closed(threads);
      }
    }
  }

  /** {@code FileDescriptor.sync()}. */
  @Weaver.Into("sync()V")
  static final class Sync {
    private Sync() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This FileDescriptor file) {
      return FileCalls.sync(file);
    }
  }
}
