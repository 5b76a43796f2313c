package onequeue.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.Transfer;

/** Code that is copied into file channels, where an adopted thread must send all, JDK 25. */
final class TransferAdvices {
  private TransferAdvices() {}

  @Weaver.Into("transferToSocketChannel(JILsun/nio/ch/SocketChannelImpl;)J")
  static final class ToSocket {
    private ToSocket() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(2) SelectableChannel target) {
      return Transfer.begin(target);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object begun) {
      Transfer.end(begun);
    }
  }

  @Weaver.Into("transferToFileDescriptor(JILjava/io/FileDescriptor;)J")
  static final class Piece {
    private Piece() {}

    @Advice.OnMethodExit(
        backupArguments = false,
        onThrowable = IOException.class,
        repeatOn = Advice.OnNonDefaultValue.class)
    static boolean exit(
        @Advice.Argument(value = 0, readOnly = false) long position,
        @Advice.Argument(value = 1, readOnly = false) int count,
        @Advice.Argument(2) FileDescriptor target,
        @Advice.Thrown(readOnly = false) Throwable thrown,
        @Advice.Return(readOnly = false) long result) {
      if (thrown == null && Transfer.goOn(target, result, count)) {
        if (result > 0) {
          position += result;
          count -= (int) result;
        }
        return true;
      }
      result = Transfer.total(result);
      if (result > 0) {
        thrown = null;
      }
      return false;
    }
  }
}
