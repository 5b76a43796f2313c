package onequeue.it.programs;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.channels.Channel;

/**
 * What the kernel says of a channel, without a selector and without a wait: the truth that a
 * selector is held against. By the JDK's own internals, which the VM has to open to us.
 */
final class FuzzKernel {
  static final int IN = 1;
  static final int URGENT = 2;
  static final int OUT = 4;
  static final int ERROR = 8;
  static final int HANG_UP = 16;
  static final int END = 0x2000;

  private static final MethodHandle FD_OF;
  private static final MethodHandle POLL;
  private static final MethodHandle AVAILABLE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Method fd = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFD");
      Class<?> net = Class.forName("sun.nio.ch.Net");
      Method poll = net.getDeclaredMethod("poll", FileDescriptor.class, int.class, long.class);
      Method available = net.getDeclaredMethod("available", FileDescriptor.class);
      fd.setAccessible(true);
      poll.setAccessible(true);
      available.setAccessible(true);
      FD_OF =
          lookup.unreflect(fd).asType(MethodType.methodType(FileDescriptor.class, Channel.class));
      POLL = lookup.unreflect(poll);
      AVAILABLE = lookup.unreflect(available);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private FuzzKernel() {}

  /** Errors and hang-ups are told whether asked for or not. */
  static int poll(Channel channel, int events) {
    try {
      return (int) POLL.invokeExact((FileDescriptor) FD_OF.invokeExact(channel), events, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The bytes that a stream has for its reader now. */
  static int available(Channel channel) throws IOException {
    try {
      return (int) AVAILABLE.invokeExact((FileDescriptor) FD_OF.invokeExact(channel));
    } catch (IOException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** A condition that what was done before brings about, as soon as it has gone its way. */
  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(Condition condition, String what) throws IOException {
    long end = System.nanoTime() + ChannelFuzz.PATIENCE_NANOS;
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
