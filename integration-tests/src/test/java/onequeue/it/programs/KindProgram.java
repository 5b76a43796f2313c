package onequeue.it.programs;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait of the kind that the first argument names, made by a thread called {@code waiter} and
 * ended by {@code main}; prints what the waiter saw. Then waits until standard input is closed.
 */
@SuppressWarnings("try") // to close a channel under its user is what some of these do
public final class KindProgram {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private KindProgram() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "accept" -> accept();
      case "connect" -> connect();
      case "read" -> read();
      case "read-timed-out" -> readTimedOut();
      case "read-closed" -> readClosed();
      case "write" -> write();
      case "datagram" -> datagram();
      case "select" -> select();
      case "sleep" -> sleep();
      case "sleep-interrupted" -> sleepInterrupted();
      case "park" -> park();
      case "park-interrupted" -> parkInterrupted();
      case "park-timed-out" -> parkTimedOut();
      case "pipe" -> pipe();
      case "fifo" -> fifo();
      case "fifo-full" -> fifoFull();
      case "file" -> file();
      case "watch" -> watch();
      case "process" -> process();
      case "process-timed-out" -> processTimedOut();
      case "process-interrupted" -> processInterrupted();
      case "lookup" -> lookup();
      case "idle" -> idle();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("done");
    System.in.read();
  }

  private static void accept() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, HOST)) {
      Asleep waiter =
          Asleep.start(
              "waiter", () -> System.out.println("accepted " + !server.accept().isClosed()));
      waiter.await();
      new Socket(HOST, server.getLocalPort()).close();
      waiter.join();
    }
  }

  /** With its backlog full the listener drops the request; the kernel asks again a second later. */
  private static void connect() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      SocketAddress address = new InetSocketAddress(HOST, server.getLocalPort());
      List<SocketChannel> fill = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        fill.add(channel);
      }
      Asleep waiter =
          Asleep.start(
              "waiter",
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(address);
                  System.out.println("connected " + socket.isConnected());
                }
              });
      waiter.await();
      Asleep accepter = Asleep.start("accepter", () -> acceptAll(server));
      waiter.join();
      server.close();
      accepter.join();
      for (SocketChannel channel : fill) {
        channel.close();
      }
    }
  }

  private static void acceptAll(ServerSocket server) {
    try {
      while (true) {
        server.accept();
      }
    } catch (IOException e) {
      System.out.println("listener closed"); // the text depends on where the close finds us
    }
  }

  private static void read() throws Exception {
    try (Pair pair = new Pair()) {
      Asleep waiter =
          Asleep.start(
              "waiter", () -> System.out.println("read " + pair.near.getInputStream().read()));
      waiter.await();
      pair.far.getOutputStream().write(42);
      waiter.join();
    }
  }

  private static void readTimedOut() throws Exception {
    try (Pair pair = new Pair()) {
      pair.near.setSoTimeout(50);
      Asleep.start(
              "waiter",
              () -> {
                try {
                  pair.near.getInputStream().read();
                } catch (SocketTimeoutException e) {
                  System.out.println(e.getMessage());
                }
              })
          .join();
    }
  }

  private static void readClosed() throws Exception {
    try (ServerSocketChannel server =
            ServerSocketChannel.open().bind(new InetSocketAddress(HOST, 0));
        SocketChannel near = SocketChannel.open(server.getLocalAddress());
        SocketChannel far = server.accept()) {
      Asleep waiter = Asleep.start("waiter", () -> near.read(ByteBuffer.allocate(8)));
      waiter.await();
      near.close();
      waiter.join();
      System.out.println(far.isOpen());
    }
  }

  private static void write() throws Exception {
    int size = 32 << 20;
    try (Pair pair = new Pair()) {
      Asleep waiter =
          Asleep.start(
              "waiter",
              () -> {
                pair.near.getOutputStream().write(new byte[size]);
                System.out.println("written");
              });
      waiter.await();
      System.out.println(pair.far.getInputStream().readNBytes(size).length);
      waiter.join();
    }
  }

  private static void datagram() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, HOST)) {
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      Asleep waiter =
          Asleep.start(
              "waiter",
              () -> {
                socket.receive(packet);
                System.out.println("received " + packet.getLength());
              });
      waiter.await();
      try (DatagramSocket other = new DatagramSocket()) {
        other.send(new DatagramPacket(new byte[3], 3, socket.getLocalSocketAddress()));
      }
      waiter.join();
    }
  }

  private static void select() throws Exception {
    try (Selector selector = Selector.open()) {
      Asleep waiter =
          Asleep.start("waiter", () -> System.out.println("selected " + selector.select(60_000)));
      waiter.await();
      selector.wakeup();
      waiter.join();
    }
  }

  private static void sleep() throws Exception {
    Asleep.start("waiter", () -> Thread.sleep(30)).join();
  }

  private static void sleepInterrupted() throws Exception {
    Asleep waiter = Asleep.start("waiter", () -> Thread.sleep(60_000));
    waiter.await();
    System.out.println(waiter.getState());
    waiter.interrupt();
    waiter.join();
  }

  private static void park() throws Exception {
    Asleep waiter = Asleep.start("waiter", LockSupport::park);
    waiter.await();
    System.out.println(waiter.getState());
    LockSupport.unpark(waiter);
    waiter.join();
  }

  private static void parkInterrupted() throws Exception {
    Asleep waiter =
        Asleep.start(
            "waiter",
            () -> {
              LockSupport.parkNanos(60_000_000_000L);
              System.out.println("interrupted " + Thread.interrupted());
            });
    waiter.await();
    System.out.println(waiter.getState());
    waiter.interrupt();
    waiter.join();
  }

  private static void parkTimedOut() throws Exception {
    Asleep.start("waiter", () -> LockSupport.parkNanos(30_000_000)).join();
  }

  private static void pipe() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    Asleep waiter =
        Asleep.start("waiter", () -> System.out.println("read " + cat.getInputStream().read()));
    waiter.await();
    cat.getOutputStream().write(42);
    cat.getOutputStream().close();
    waiter.join();
  }

  private static void fifo() throws Exception {
    Path path = PipesFifos.fifo("kind");
    try (RandomAccessFile fifo = new RandomAccessFile(path.toFile(), "rw")) {
      Asleep waiter = Asleep.start("waiter", () -> System.out.println("read " + fifo.read()));
      waiter.await();
      fifo.write(42);
      waiter.join();
    }
    PipesFifos.delete(path);
  }

  private static void fifoFull() throws Exception {
    Path path = PipesFifos.fifo("kind");
    byte[] much = new byte[1 << 20];
    try (RandomAccessFile fifo = new RandomAccessFile(path.toFile(), "rw");
        FileOutputStream out = new FileOutputStream(path.toFile())) {
      Asleep waiter =
          Asleep.start(
              "waiter",
              () -> {
                out.write(much);
                System.out.println("written");
              });
      waiter.await();
      fifo.readFully(much);
      waiter.join();
    }
    PipesFifos.delete(path);
  }

  private static void file() throws Exception {
    Path path = Files.createTempFile("kind", ".bin");
    Asleep.start(
            "waiter",
            () -> {
              try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                System.out.println(file.write(ByteBuffer.allocate(4 << 20)));
                file.force(true);
              }
            })
        .join();
    Files.delete(path);
  }

  private static void watch() throws Exception {
    Path dir = Files.createTempDirectory("kind");
    try (WatchService service = dir.getFileSystem().newWatchService()) {
      dir.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      Asleep waiter =
          Asleep.start(
              "waiter", () -> System.out.println(service.take().pollEvents().get(0).context()));
      waiter.await();
      Files.createFile(dir.resolve("new"));
      waiter.join();
    }
    Files.delete(dir.resolve("new"));
    Files.delete(dir);
  }

  private static void process() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    Asleep waiter = Asleep.start("waiter", () -> System.out.println("exit code " + cat.waitFor()));
    waiter.await();
    cat.getOutputStream().close();
    waiter.join();
  }

  private static void processTimedOut() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    Asleep.start(
            "waiter", () -> System.out.println("ended " + cat.waitFor(30, TimeUnit.MILLISECONDS)))
        .join();
    cat.destroy();
  }

  private static void processInterrupted() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    Asleep waiter = Asleep.start("waiter", cat::waitFor);
    waiter.await();
    waiter.interrupt();
    waiter.join();
    cat.destroy();
  }

  /** The C library reads a file of aliases first, which here is a FIFO. */
  private static void lookup() throws Exception {
    LookupsBlocked.makeFifo();
    Asleep waiter =
        Asleep.start("waiter", () -> System.out.println(InetAddress.getByName("blocked")));
    waiter.await();
    LookupsBlocked.release();
    waiter.join();
  }

  private static void idle() throws Exception {
    Asleep[] worker = new Asleep[1];
    ExecutorService pool =
        Executors.newFixedThreadPool(1, task -> worker[0] = Asleep.unstarted("waiter", task::run));
    System.out.println(pool.submit(() -> 1).get());
    worker[0].await();
    System.out.println(pool.submit(() -> 2).get());
    pool.shutdown();
    worker[0].join();
  }

  /** Two ends of a loopback connection. */
  private static final class Pair implements AutoCloseable {
    private final Socket near;
    private final Socket far;

    private Pair() throws IOException {
      try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
        near = new Socket(HOST, server.getLocalPort());
        far = server.accept();
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }
}
