package onequeue.it.programs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One wait of each kind, one after the other, each made by a virtual thread that has the wait's
 * name and ended by {@code main} or the clock. Prints what the threads saw. Needs a JDK that has
 * virtual threads; by reflection, for this is compiled for Java 17.
 */
@SuppressWarnings("try") // to close a channel under its user is what some of these do
public final class VirtualKindProgram {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();
  private static final long LONG_NANOS = 60_000_000_000L;
  private static final int SHORT_MILLIS = 30;

  private VirtualKindProgram() {}

  /** What main does to end a wait. */
  private interface Ender {
    void end(Thread waiter) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    sockets();
    connect();
    write();
    datagram();
    channels();
    unixDomain();
    clock();
    parks();
    meetings();
  }

  private static void sockets() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, HOST)) {
      wait(
          "accept",
          () -> !server.accept().isClosed(),
          waiter -> new Socket(HOST, server.getLocalPort()).close());
    }
    Socket[] pair = TransparencyOps.sockets();
    wait(
        "read",
        () -> pair[0].getInputStream().read(),
        waiter -> pair[1].getOutputStream().write(42));
    pair[0].setSoTimeout(SHORT_MILLIS);
    waitForTheClock("read-timed-out", () -> pair[0].getInputStream().read());
    pair[0].close();
    pair[1].close();
  }

  /** With its backlog full the listener drops the request; the kernel asks again a second later. */
  private static void connect() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, HOST);
        Socket socket = new Socket()) {
      SocketAddress address = new InetSocketAddress(HOST, server.getLocalPort());
      List<SocketChannel> fill = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        fill.add(channel);
      }
      wait(
          "connect",
          () -> {
            socket.connect(address);
            return socket.isConnected();
          },
          waiter -> acceptUntil(waiter, server));
      for (SocketChannel channel : fill) {
        channel.close();
      }
    }
  }

  private static void acceptUntil(Thread end, ServerSocket server) throws IOException {
    server.setSoTimeout(SHORT_MILLIS);
    while (end.isAlive()) {
      try {
        server.accept().close();
      } catch (java.net.SocketTimeoutException e) {
        continue; // not yet
      }
    }
  }

  private static void write() throws Exception {
    int size = 32 << 20;
    Socket[] pair = TransparencyOps.sockets();
    wait(
        "write",
        () -> {
          pair[0].getOutputStream().write(new byte[size]);
          return "all";
        },
        waiter -> System.out.println(pair[1].getInputStream().readNBytes(size).length));
    pair[0].close();
    pair[1].close();
  }

  private static void datagram() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, HOST);
        DatagramSocket other = new DatagramSocket()) {
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      wait(
          "datagram",
          () -> {
            socket.receive(packet);
            return packet.getLength();
          },
          waiter -> other.send(new DatagramPacket(new byte[3], 3, socket.getLocalSocketAddress())));
    }
  }

  private static void channels() throws Exception {
    SocketChannel[] pair = TransparencyOps.tcp();
    wait("read-closed", () -> closedWhile(pair[0]), waiter -> pair[0].close());
    pair[1].close();
    Pipe pipe = Pipe.open();
    wait(
        "pipe",
        () -> pipe.source().read(ByteBuffer.allocate(8)),
        waiter -> pipe.sink().write(ByteBuffer.allocate(2)));
    pipe.sink().close();
    pipe.source().close();
    try (Selector selector = Selector.open()) {
      wait("select", () -> selector.select(60_000), waiter -> selector.wakeup());
    }
  }

  /** Which of its subclasses depends on how far the close has come. */
  private static String closedWhile(SocketChannel channel) throws IOException {
    try {
      return "read " + channel.read(ByteBuffer.allocate(8));
    } catch (ClosedChannelException e) {
      return "closed";
    }
  }

  private static void unixDomain() throws Exception {
    Path dir = Files.createTempDirectory("kind");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(dir.resolve("socket"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      try (SocketChannel near = SocketChannel.open(address);
          SocketChannel far = server.accept()) {
        wait(
            "unix",
            () -> near.read(ByteBuffer.allocate(8)),
            waiter -> far.write(ByteBuffer.allocate(5)));
      }
    }
    Files.delete(address.getPath());
    Files.delete(dir);
  }

  private static void clock() throws Exception {
    waitForTheClock(
        "sleep",
        () -> {
          Thread.sleep(SHORT_MILLIS);
          return "over";
        });
    waitForTheClock("park-timed-out", () -> park(SHORT_MILLIS * 1_000_000L));
    wait(
        "sleep-interrupted",
        () -> {
          Thread.sleep(60_000);
          return "over";
        },
        Thread::interrupt);
  }

  private static void parks() throws Exception {
    wait("park", () -> park(LONG_NANOS), LockSupport::unpark);
    wait(
        "park-by-another",
        () -> park(LONG_NANOS),
        waiter -> start("another", () -> LockSupport.unpark(waiter)).join());
    wait("park-interrupted", () -> park(LONG_NANOS), Thread::interrupt);
  }

  private static String park(long nanos) {
    LockSupport.parkNanos(nanos);
    return "unparked";
  }

  private static void meetings() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    wait(
        "lock",
        () -> {
          lock.lock();
          lock.unlock();
          return "had it";
        },
        waiter -> lock.unlock());
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    wait("queue", queue::take, waiter -> queue.add("it"));
  }

  private static void waitForTheClock(String name, Callable<?> call) throws Exception {
    List<String> outcome = new ArrayList<>();
    start(name, () -> outcome.add(TransparencyWatch.outcome(call))).join();
    System.out.println(name + ": " + outcome);
  }

  private static void wait(String name, Callable<?> call, Ender ender) throws Exception {
    List<String> outcome = new ArrayList<>();
    Thread waiter = start(name, () -> outcome.add(TransparencyWatch.outcome(call)));
    Asleep.await(waiter);
    System.out.println(name + " " + waiter.getState());
    ender.end(waiter);
    waiter.join();
    System.out.println(name + ": " + outcome);
  }

  static Thread start(String name, Runnable body) throws ReflectiveOperationException {
    Class<?> builders = Class.forName("java.lang.Thread$Builder");
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    builders.getMethod("name", String.class).invoke(builder, name);
    return (Thread) builders.getMethod("start", Runnable.class).invoke(builder, body);
  }
}
