package onequeue.hook;

import java.io.FileDescriptor;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.CopyCalls;

/** Code that is copied into where the JDK copies files, JDK 25, for virtual threads. */
final class CopyAdvices {
  private CopyAdvices() {}

  @Weaver.Into("transferTo(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;Z)J")
  static final class TransferTo {
    private TransferTo() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(
        @Advice.Argument(0) FileDescriptor from,
        @Advice.Argument(1) long at,
        @Advice.Argument(2) long count,
        @Advice.Argument(3) FileDescriptor to,
        @Advice.Argument(4) boolean append) {
      return CopyCalls.transferTo(from, at, count, to, append);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter Object ours, @Advice.Return(readOnly = false) long result) {
      if (ours != null) {
        result = (Long) ours;
      }
    }
  }

  @Weaver.Into("transferFrom(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;JJZ)J")
  static final class TransferFrom {
    private TransferFrom() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(
        @Advice.Argument(0) FileDescriptor from,
        @Advice.Argument(1) FileDescriptor to,
        @Advice.Argument(2) long at,
        @Advice.Argument(3) long count,
        @Advice.Argument(4) boolean append) {
      return CopyCalls.transferFrom(from, to, at, count, append);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter Object ours, @Advice.Return(readOnly = false) long result) {
      if (ours != null) {
        result = (Long) ours;
      }
    }
  }

  /** {@code Files.copy}, where the kernel copies. */
  @Weaver.Into("directCopy(IIJ)I")
  static final class Direct {
    private Direct() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(
        @Advice.This Object files,
        @Advice.Argument(0) int to,
        @Advice.Argument(1) int from,
        @Advice.Argument(2) long cancel) {
      return CopyCalls.direct(files, to, from, cancel);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter Object ours, @Advice.Return(readOnly = false) int result) {
      if (ours != null) {
        result = (Integer) ours;
      }
    }
  }

  /** {@code Files.copy}, where it cannot. */
  @Weaver.Into("bufferedCopy(IIJIJ)V")
  static final class Buffered {
    private Buffered() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object files,
        @Advice.Argument(0) int to,
        @Advice.Argument(1) int from,
        @Advice.Argument(2) long buffer,
        @Advice.Argument(3) int size,
        @Advice.Argument(4) long cancel) {
      return CopyCalls.buffered(files, to, from, buffer, size, cancel);
    }
  }
}
