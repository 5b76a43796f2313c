package onequeue.it.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Parks and unparks beside threads that look for something for ever, and always find it. */
final class WakeupBesideLoops implements WakeupTrials.Protocol {
  private static final int LOOPS = 2;

  private final WakeupTrials.Protocol parks = new WakeupProtocols.ParkUnpark();

  private WakeupBesideLoops(Maker maker) throws IOException {
    for (int i = 0; i < LOOPS; i++) {
      Step step = maker.make();
      Thread loop = new Thread(() -> repeat(step), "loop " + i);
      loop.setDaemon(true);
      loop.start();
    }
  }

  private interface Maker {
    Step make() throws IOException;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void repeat(Step step) {
    try {
      while (true) {
        step.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WakeupBesideLoops select() throws IOException {
    return new WakeupBesideLoops(
        () -> {
          Selector selector = Selector.open();
          Pipe pipe = Pipe.open();
          pipe.sink().write(ByteBuffer.allocate(1));
          pipe.source().configureBlocking(false);
          pipe.source().register(selector, SelectionKey.OP_READ, pipe);
          return () -> {
            selector.selectNow();
            selector.selectedKeys().clear();
          };
        });
  }

  /** What one writes it reads itself. */
  static WakeupBesideLoops streams() throws IOException {
    return new WakeupBesideLoops(
        () -> {
          Socket[] sockets = TransparencyOps.sockets();
          sockets[1].setTcpNoDelay(true);
          OutputStream out = sockets[1].getOutputStream();
          InputStream in = sockets[0].getInputStream();
          return () -> {
            out.write(1);
            in.read();
          };
        });
  }

  static WakeupBesideLoops channels() throws IOException {
    return new WakeupBesideLoops(
        () -> {
          SocketChannel[] channels = TransparencyOps.unix();
          ByteBuffer one = ByteBuffer.allocateDirect(1);
          return () -> {
            channels[1].write(one.clear());
            channels[0].read(one.clear());
          };
        });
  }

  static WakeupBesideLoops datagrams() throws IOException {
    return new WakeupBesideLoops(
        () -> {
          DatagramChannel channel = DatagramChannel.open().bind(TransparencyOps.loopback());
          ByteBuffer one = ByteBuffer.allocateDirect(1);
          return () -> {
            channel.send(one.clear(), channel.getLocalAddress());
            channel.receive(one.clear());
          };
        });
  }

  @Override
  public void prepare(int trial) throws Exception {
    parks.prepare(trial);
  }

  @Override
  public void await(int trial) throws Exception {
    parks.await(trial);
  }

  @Override
  public void wake(int trial, Thread waiter) throws Exception {
    parks.wake(trial, waiter);
  }
}
