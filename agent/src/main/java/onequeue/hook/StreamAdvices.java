package onequeue.hook;

import java.io.FileDescriptor;
import java.util.Arrays;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.StreamCalls;

/** Code that is copied into java.io's streams and RandomAccessFile, JDK 25, for virtual threads. */
final class StreamAdvices {
  private StreamAdvices() {}

  @Weaver.Into("read()I")
  static final class ReadByte {
    private ReadByte() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file) {
      return StreamCalls.readByte(stream, file, tracing, path, false);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours - StreamCalls.SHIFT;
      }
    }
  }

  @Weaver.Into("read([B)I")
  static final class ReadAll {
    private ReadAll() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) byte[] to) {
      return to == null
          ? 0
          : StreamCalls.readBytes(stream, file, tracing, path, false, to, 0, to.length);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("read([BII)I")
  static final class ReadSome {
    private ReadSome() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) byte[] to,
        @Advice.Argument(1) int off,
        @Advice.Argument(2) int len) {
      return StreamCalls.readBytes(stream, file, tracing, path, false, to, off, len);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("read()I")
  static final class ReadRandomByte {
    private ReadRandomByte() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file) {
      return StreamCalls.readByte(stream, file, tracing, path, true);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours - StreamCalls.SHIFT;
      }
    }
  }

  @Weaver.Into("readBytes([BII)I")
  static final class ReadRandom {
    private ReadRandom() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static int enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) byte[] to,
        @Advice.Argument(1) int off,
        @Advice.Argument(2) int len) {
      return StreamCalls.readBytes(stream, file, tracing, path, true, to, off, len);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter int ours, @Advice.Return(readOnly = false) int result) {
      if (ours != 0) {
        result = ours;
      }
    }
  }

  @Weaver.Into("write(I)V")
  static final class WriteByte {
    private WriteByte() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) int b) {
      return StreamCalls.writeByte(stream, file, tracing, path, false, b);
    }
  }

  @Weaver.Into("write([B)V")
  static final class WriteAll {
    private WriteAll() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(value = 0, readOnly = false) byte[] from) {
      int done =
          from == null
              ? 0
              : StreamCalls.writeBytes(stream, file, tracing, path, false, from, 0, from.length);
      if (done != 0 && done != from.length) {
        from = Arrays.copyOfRange(from, done, from.length);
        return false;
      }
      return done != 0;
    }
  }

  @Weaver.Into("write([BII)V")
  static final class WriteSome {
    private WriteSome() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) byte[] from,
        @Advice.Argument(value = 1, readOnly = false) int off,
        @Advice.Argument(value = 2, readOnly = false) int len) {
      int done = StreamCalls.writeBytes(stream, file, tracing, path, false, from, off, len);
      off += done;
      len -= done;
      return done != 0 && len == 0;
    }
  }

  @Weaver.Into("write(I)V")
  static final class WriteRandomByte {
    private WriteRandomByte() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) int b) {
      return StreamCalls.writeByte(stream, file, tracing, path, true, b);
    }
  }

  @Weaver.Into("writeBytes([BII)V")
  static final class WriteRandom {
    private WriteRandom() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object stream,
        @Advice.FieldValue("jfrTracing") boolean tracing,
        @Advice.FieldValue("path") String path,
        @Advice.FieldValue("fd") FileDescriptor file,
        @Advice.Argument(0) byte[] from,
        @Advice.Argument(value = 1, readOnly = false) int off,
        @Advice.Argument(value = 2, readOnly = false) int len) {
      int done = StreamCalls.writeBytes(stream, file, tracing, path, true, from, off, len);
      off += done;
      len -= done;
      return done != 0 && len == 0;
    }
  }
}
