package onequeue.it.programs;

import static java.net.InetAddress.getLoopbackAddress;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The ways a wait is ended by another thread. */
final class WakeupProtocols {
  private static final long LONGER_THAN_THE_TEST_MILLIS = 3_600_000;

  private WakeupProtocols() {}

  static WakeupTrials.Protocol of(String name) throws IOException {
    return switch (name) {
      case "park-unpark" -> new ParkUnpark();
      case "park-timed" -> new ParkTimed();
      case "park-interrupt" -> new ParkInterrupt();
      case "sleep-interrupt" -> new SleepInterrupt();
      case "read-data" -> new ReadData();
      case "read-interrupt" -> new ReadInterrupt();
      case "read-close" -> new ReadClose();
      case "accept-close" -> new AcceptClose();
      case "receive-close" -> new ReceiveClose();
      case "crowd" -> new WakeupCrowd();
      case "selector" -> new SelectorWakeup();
      case "select-interrupt" -> new SelectInterrupt();
      case "select-loops" -> WakeupBesideLoops.select();
      case "stream-loops" -> WakeupBesideLoops.streams();
      case "channel-loops" -> WakeupBesideLoops.channels();
      case "datagram-loops" -> WakeupBesideLoops.datagrams();
      case "sampled" -> new WakeupSampled();
      default -> throw new IllegalArgumentException(name);
    };
  }

  static final class ParkUnpark implements WakeupTrials.Protocol {
    private volatile int flag;

    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) {
      while (flag != trial) {
        if (trial % 2 == 0) {
          LockSupport.park();
        } else {
          LockSupport.parkNanos(Long.MAX_VALUE);
        }
      }
    }

    @Override
    public void wake(int trial, Thread waiter) {
      flag = trial;
      LockSupport.unpark(waiter);
    }
  }

  /** The time ends the wait; the waker ends the wait of one who wanted to wait for longer. */
  private static final class ParkTimed implements WakeupTrials.Protocol {
    private static final int LARGEST_POWER = 8;

    private final Thread other = new Thread(this::waitForLong, "other");

    ParkTimed() {
      other.setDaemon(true);
      other.start();
    }

    private void waitForLong() {
      while (true) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LONGER_THAN_THE_TEST_MILLIS));
      }
    }

    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) {
      long until = System.nanoTime() + (1_000L << trial % LARGEST_POWER);
      for (long left; (left = until - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
    }

    @Override
    public void wake(int trial, Thread waiter) {
      LockSupport.unpark(other);
    }
  }

  private static final class ParkInterrupt implements WakeupTrials.Protocol {
    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) {
      while (!Thread.interrupted()) {
        LockSupport.park();
      }
    }

    @Override
    public void wake(int trial, Thread waiter) {
      waiter.interrupt();
    }
  }

  private static final class SleepInterrupt implements WakeupTrials.Protocol {
    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) {
      try {
        Thread.sleep(LONGER_THAN_THE_TEST_MILLIS);
        throw new IllegalStateException("slept to the end");
      } catch (InterruptedException expected) {
        // That is the wake-up.
      }
    }

    @Override
    public void wake(int trial, Thread waiter) {
      waiter.interrupt();
    }
  }

  private static final class SelectInterrupt implements WakeupTrials.Protocol {
    private final Selector selector = Selector.open();

    SelectInterrupt() throws IOException {}

    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) throws IOException {
      do { // the wake-up of the last interrupt may come after its status
        selector.select(trial % 2 == 0 ? 0 : LONGER_THAN_THE_TEST_MILLIS);
      } while (!Thread.interrupted());
    }

    @Override
    public void wake(int trial, Thread waiter) {
      waiter.interrupt();
    }
  }

  /** Over two connections in turn: one of streams, one of channels. */
  private static final class ReadData implements WakeupTrials.Protocol {
    private final Socket[] sockets = TransparencyOps.sockets();
    private final SocketChannel[] channels = TransparencyOps.tcp();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1);
    private final ByteBuffer out = ByteBuffer.allocateDirect(1);

    ReadData() throws IOException {
      sockets[1].setTcpNoDelay(true);
      channels[1].setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public void prepare(int trial) throws IOException {
      // Now with, now without a limit: these are two ways in the JDK.
      sockets[0].setSoTimeout(trial % 4 == 0 ? (int) LONGER_THAN_THE_TEST_MILLIS : 0);
    }

    @Override
    public void await(int trial) throws IOException {
      int n = trial % 2 == 0 ? sockets[0].getInputStream().read() : channels[0].read(in.clear());
      if (n < 0) {
        throw new IOException("end of stream");
      }
    }

    @Override
    public void wake(int trial, Thread waiter) throws IOException {
      if (trial % 2 == 0) {
        sockets[1].getOutputStream().write(1);
      } else {
        channels[1].write(out.clear());
      }
    }
  }

  /** A java.net socket cannot be interrupted: the read goes on, and keeps the status for later. */
  private static final class ReadInterrupt implements WakeupTrials.Protocol {
    private final Socket[] sockets = TransparencyOps.sockets();

    ReadInterrupt() throws IOException {
      sockets[1].setTcpNoDelay(true);
    }

    @Override
    public void prepare(int trial) {}

    @Override
    public void await(int trial) throws IOException {
      if (trial % 4 == 0) {
        Thread.currentThread().interrupt();
      }
      int read = sockets[0].getInputStream().read();
      if (read != (trial & 0xFF) || !Thread.interrupted()) {
        throw new IllegalStateException("read " + read + ", or lost the interrupt");
      }
    }

    @Override
    public void wake(int trial, Thread waiter) throws IOException {
      if (trial % 4 != 0) {
        waiter.interrupt();
      }
      sockets[1].getOutputStream().write(trial);
    }
  }

  /** What is waited on is closed by the other thread; a new one each time. */
  private abstract static class ToClose implements WakeupTrials.Protocol {
    private volatile Closeable target;
    private volatile Closeable rest;

    final void use(Closeable waitedOn, Closeable other) {
      target = waitedOn;
      rest = other;
    }

    abstract Object block(Closeable on) throws IOException;

    @Override
    public final void await(int trial) throws IOException {
      try {
        Object result = block(target);
        throw new IllegalStateException("returned " + result);
      } catch (AsynchronousCloseException | SocketException expected) {
        // It waited when the close came.
      } catch (ClosedChannelException expected) {
        // The close came first.
      }
    }

    @Override
    public final void wake(int trial, Thread waiter) throws IOException {
      target.close();
      if (rest != null) {
        rest.close();
      }
    }
  }

  private static final class ReadClose extends ToClose {
    private final ServerSocketChannel server =
        ServerSocketChannel.open().bind(TransparencyOps.loopback());

    ReadClose() throws IOException {}

    @Override
    public void prepare(int trial) throws IOException {
      // No TIME_WAIT: 20,000 of them would use up the ports.
      if (trial % 2 == 0) {
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        use(client, server.accept());
      } else {
        Socket client = new Socket();
        client.connect(server.getLocalAddress());
        client.setSoLinger(true, 0);
        use(client, server.accept());
      }
    }

    @Override
    Object block(Closeable on) throws IOException {
      return on instanceof Socket
          ? ((Socket) on).getInputStream().read()
          : ((SocketChannel) on).read(ByteBuffer.allocate(1));
    }
  }

  private static final class AcceptClose extends ToClose {
    @Override
    public void prepare(int trial) throws IOException {
      if (trial % 2 == 0) {
        use(ServerSocketChannel.open().bind(TransparencyOps.loopback()), null);
      } else {
        use(new ServerSocket(0, 1, getLoopbackAddress()), null);
      }
    }

    @Override
    Object block(Closeable on) throws IOException {
      return on instanceof ServerSocket
          ? ((ServerSocket) on).accept()
          : ((ServerSocketChannel) on).accept();
    }
  }

  private static final class ReceiveClose extends ToClose {
    @Override
    public void prepare(int trial) throws IOException {
      use(DatagramChannel.open().bind(TransparencyOps.loopback()), null);
    }

    @Override
    Object block(Closeable on) throws IOException {
      return ((DatagramChannel) on).receive(ByteBuffer.allocate(1));
    }
  }

  /** Mostly wakeup of one selector; each eighth time a selector of its own that is closed. */
  private static final class SelectorWakeup implements WakeupTrials.Protocol {
    private final Selector lasting = Selector.open();
    private volatile Selector selector;

    SelectorWakeup() throws IOException {}

    @Override
    public void prepare(int trial) throws IOException {
      selector = trial % 8 == 0 ? Selector.open() : lasting;
    }

    @Override
    public void await(int trial) throws IOException {
      try {
        selector.select(trial % 2 == 0 ? 0 : LONGER_THAN_THE_TEST_MILLIS);
      } catch (ClosedSelectorException expected) {
        // The close came first.
      }
    }

    @Override
    public void wake(int trial, Thread waiter) throws IOException {
      if (trial % 8 == 0) {
        selector.close();
      } else {
        selector.wakeup();
      }
    }
  }
}
