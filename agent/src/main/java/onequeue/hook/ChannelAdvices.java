package onequeue.hook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import net.bytebuddy.asm.Advice;
import onequeue.carrier.Adoption;
import onequeue.carrier.Writes;

/** Where an adopted thread must wait as the platform thread that it is to the program. */
final class ChannelAdvices {
  private ChannelAdvices() {}

  /** A java.net socket: its waits cannot be interrupted. */
  @Weaver.Into("park(Ljava/io/FileDescriptor;IJ)V")
  static final class Socket {
    private Socket() {}

    @Advice.OnMethodEnter
    static Object enter() {
      return Adoption.shield();
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object adopted) {
      Adoption.unshield(adopted);
    }
  }

  /** A datagram channel; likewise when it stands behind a java.net.DatagramSocket. */
  @Weaver.Into("park(IJ)V")
  static final class Datagram {
    private Datagram() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.FieldValue("interruptible") boolean interruptible) {
      return interruptible ? null : Adoption.shield();
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object adopted) {
      Adoption.unshield(adopted);
    }
  }

  /** A channel is being connected. */
  @Weaver.Into("connect(Ljava/net/SocketAddress;)Z")
  static final class Connect {
    private Connect() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.This Channel channel) {
      Adoption.connecting(channel);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit() {
      Adoption.connecting(null);
    }
  }

  /** A connect of a Unix domain socket waits for room in the listener's backlog. */
  @Weaver.Into("connect(Ljava/io/FileDescriptor;Ljava/nio/file/Path;)I")
  static final class UnixConnect {
    private UnixConnect() {}

    @Advice.OnMethodExit(onThrowable = IOException.class, repeatOn = Advice.OnNonDefaultValue.class)
    static boolean exit(@Advice.Thrown Throwable thrown) {
      return thrown != null && Adoption.connectAgain(thrown);
    }
  }

  /** A blocking write returns when all is written. */
  @Weaver.Into("write(Ljava/nio/ByteBuffer;)I")
  static final class Write {
    private Write() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This WritableByteChannel channel,
        @Advice.Argument(0) ByteBuffer from,
        @Advice.Return(readOnly = false) int written)
        throws IOException {
      if (written > 0 && from.hasRemaining()) {
        written += Writes.rest(channel, from);
      }
    }
  }

  /** The same for several buffers. */
  @Weaver.Into("write([Ljava/nio/ByteBuffer;II)J")
  static final class Gather {
    private Gather() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This GatheringByteChannel channel,
        @Advice.Argument(0) ByteBuffer[] from,
        @Advice.Argument(1) int at,
        @Advice.Argument(2) int count,
        @Advice.Return(readOnly = false) long written)
        throws IOException {
      if (written > 0) {
        written += Writes.rest(channel, from, at, count);
      }
    }
  }

  /** A thread that serves connections in a loop may find something in its selector every time. */
  @Weaver.Into("doSelect")
  static final class Select {
    private Select() {}

    @Advice.OnMethodEnter
    static void enter() {
      Adoption.selects();
    }
  }

  /** So may one that reads, writes or accepts: wherever it looks before it waits. */
  @Weaver.Into({
    "read([BII)I",
    "write([BII)V",
    "accept(Ljava/net/SocketImpl;)V",
    "accept()Ljava/nio/channels/SocketChannel;",
    "read(Ljava/nio/ByteBuffer;)I",
    "read([Ljava/nio/ByteBuffer;II)J",
    "write(Ljava/nio/ByteBuffer;)I",
    "write([Ljava/nio/ByteBuffer;II)J",
    "receive(Ljava/nio/ByteBuffer;)Ljava/net/SocketAddress;",
    "blockingReceive(Ljava/net/DatagramPacket;J)V",
    "send(Ljava/nio/ByteBuffer;Ljava/net/SocketAddress;)I"
  })
  static final class Transfer {
    private Transfer() {}

    @Advice.OnMethodEnter
    static void enter() {
      Adoption.transfers();
    }
  }
}
