package onequeue.it.programs;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** What flows through sockets: large writes, ends, halves, resets and time limits. */
public final class TransparencyStreams {
  private static final int MUCH = 32 << 20;
  private static final int TIMEOUT_MILLIS = 60;

  private TransparencyStreams() {}

  /** Prints what each call gave. */
  public static void main(String[] args) throws Exception {
    largeWrites();
    halves();
    resets();
    timeouts();
    streamAsChannel();
  }

  private static void largeWrites() throws Exception {
    ByteBuffer much = pattern(ByteBuffer.allocateDirect(MUCH));
    byte[] array = pattern(ByteBuffer.allocate(MUCH)).array();
    ByteBuffer[] pieces = pieces(much.duplicate());
    Socket[] pair = TransparencyOps.sockets();
    transfer("Socket", pair, () -> write(pair[0], array));
    for (boolean unix : new boolean[] {false, true}) {
      String name = unix ? "Unix SocketChannel" : "SocketChannel";
      SocketChannel[] one = unix ? TransparencyOps.unix() : TransparencyOps.tcp();
      transfer(name + " write", one, () -> one[0].write(much.duplicate()));
      SocketChannel[] two = unix ? TransparencyOps.unix() : TransparencyOps.tcp();
      transfer(name + " gathering write", two, () -> two[0].write(pieces.clone()));
      for (ByteBuffer piece : pieces) {
        System.out.println("  left " + piece.remaining());
        piece.rewind();
      }
      SocketChannel[] heap = unix ? TransparencyOps.unix() : TransparencyOps.tcp();
      transfer(name + " heap write", heap, () -> heap[0].write(ByteBuffer.wrap(array, 7, 1 << 20)));
    }
  }

  private static ByteBuffer pattern(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      buffer.put((byte) (buffer.position() * 31 >>> 5));
    }
    return buffer.flip();
  }

  private static ByteBuffer[] pieces(ByteBuffer much) {
    ByteBuffer small = much.slice(0, 13);
    return new ByteBuffer[] {
      small, much.slice(13, MUCH / 2), much.slice(0, 0), much.slice(9, 5000)
    };
  }

  private static String write(Socket socket, byte[] array) throws IOException {
    socket.getOutputStream().write(array);
    return "all";
  }

  private static void transfer(String name, Socket[] pair, Callable<?> write) throws Exception {
    InputStream in = pair[1].getInputStream();
    byte[] buffer = new byte[60_000];
    report(name, write, pair[0], () -> in.read(buffer), buffer);
    pair[1].close();
  }

  private static void transfer(String name, SocketChannel[] pair, Callable<?> write)
      throws Exception {
    byte[] array = new byte[60_000];
    report(name, write, pair[0], () -> pair[1].read(ByteBuffer.wrap(array)), array);
    pair[1].close();
  }

  /** The reader starts late and reads little at a time, so that the writer has to wait often. */
  private static void report(
      String name, Callable<?> write, AutoCloseable end, Callable<Integer> read, byte[] buffer)
      throws Exception {
    TransparencyWatch writer =
        TransparencyWatch.start(
            () -> {
              try (end) {
                return write.call();
              }
            });
    writer.blocked();
    CRC32 sum = new CRC32();
    long total = 0;
    for (int n = read.call(); n >= 0; n = read.call()) {
      sum.update(buffer, 0, n);
      total += n;
    }
    System.out.println(
        name + ": returned " + writer.end() + ", arrived " + total + ", sum " + sum.getValue());
  }

  private static void halves() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    pair[0].shutdownOutput();
    System.out.println("read after half-close " + pair[1].getInputStream().read());
    pair[1].getOutputStream().write("still".getBytes());
    System.out.println("other half " + (char) pair[0].getInputStream().read());
    tell("write after shutdownOutput", () -> write(pair[0], new byte[1]));
    TransparencyWatch reader = reader(pair[1]);
    System.out.println("read again after half-close " + reader.end());
    Socket[] waiting = TransparencyOps.sockets();
    TransparencyWatch blocked = reader(waiting[0]);
    System.out.println(blocked.blocked());
    waiting[0].shutdownInput();
    System.out.println("read under shutdownInput " + blocked.end());
    tell("read after shutdownInput", () -> waiting[0].getInputStream().read());
    SocketChannel[] channels = TransparencyOps.tcp();
    TransparencyWatch read =
        TransparencyWatch.start(() -> channels[0].read(ByteBuffer.allocate(3)));
    read.blocked();
    channels[0].shutdownInput();
    System.out.println("channel read under shutdownInput " + read.end());
    TransparencyWatch peer =
        TransparencyWatch.start(() -> channels[1].read(ByteBuffer.allocate(3)));
    peer.blocked();
    channels[0].shutdownOutput();
    System.out.println("channel read under the peer's shutdownOutput " + peer.end());
    tell("channel write", () -> channels[0].write(ByteBuffer.allocate(1)));
    ByteBuffer much = ByteBuffer.allocateDirect(MUCH);
    TransparencyWatch full = TransparencyWatch.start(() -> channels[1].write(much) > 0);
    full.blocked();
    channels[1].shutdownOutput();
    System.out.println("channel write under shutdownOutput " + full.end());
  }

  private static void resets() throws Exception {
    for (int i = 0; i < 2; i++) {
      boolean write = i > 0;
      Socket[] pair = TransparencyOps.sockets();
      pair[1].setSoLinger(true, 0);
      TransparencyWatch watch =
          write ? TransparencyWatch.start(() -> write(pair[0], new byte[MUCH])) : reader(pair[0]);
      watch.blocked();
      pair[1].close();
      System.out.println("Socket reset while it " + (write ? "writes " : "reads ") + watch.end());
      tell(" then read", () -> pair[0].getInputStream().read());
      tell(" then write", () -> write(pair[0], new byte[3]));
      SocketChannel[] channels = TransparencyOps.tcp();
      channels[1].setOption(StandardSocketOptions.SO_LINGER, 0);
      ByteBuffer much = ByteBuffer.allocateDirect(MUCH);
      TransparencyWatch other =
          TransparencyWatch.start(
              () -> write ? channels[0].write(much) > 0 : channels[0].read(ByteBuffer.allocate(3)));
      other.blocked();
      channels[1].close();
      System.out.println("channel reset while it " + (write ? "writes " : "reads ") + other.end());
      tell(" then read", () -> channels[0].read(ByteBuffer.allocate(3)));
      tell(" then write", () -> channels[0].write(ByteBuffer.allocate(3)));
      tell(" then write", () -> channels[0].write(ByteBuffer.allocate(3)));
    }
  }

  private static void timeouts() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    pair[0].setSoTimeout(TIMEOUT_MILLIS);
    timed("read", () -> pair[0].getInputStream().read());
    pair[1].getOutputStream().write(9);
    timed("read of what is there", () -> pair[0].getInputStream().read());
    ServerSocket server = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
    server.setSoTimeout(TIMEOUT_MILLIS);
    timed("accept", server::accept);
    DatagramSocket datagrams = new DatagramSocket(TransparencyOps.loopback());
    datagrams.setSoTimeout(TIMEOUT_MILLIS);
    timed("receive", () -> receive(datagrams));
    Socket first = new Socket(server.getInetAddress(), server.getLocalPort());
    Socket second = new Socket(server.getInetAddress(), server.getLocalPort());
    Socket third = new Socket();
    timed("connect", () -> connect(third, server));
    System.out.println(third.isClosed() + " " + first.isConnected() + second.isConnected());
  }

  private static String receive(DatagramSocket socket) throws IOException {
    socket.receive(new DatagramPacket(new byte[3], 3));
    return "received";
  }

  private static String connect(Socket socket, ServerSocket server) throws IOException {
    socket.connect(server.getLocalSocketAddress(), TIMEOUT_MILLIS);
    return "connected";
  }

  private static void streamAsChannel() throws Exception {
    SocketChannel[] pair = TransparencyOps.tcp();
    pair[0].socket().setSoTimeout(TIMEOUT_MILLIS);
    timed("adapted read", () -> pair[0].socket().getInputStream().read());
    pair[1].write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    pair[1].close();
    InputStream in = pair[0].socket().getInputStream();
    System.out.println("adapted " + in.readAllBytes().length + " " + in.read());
    tell("unresolved", () -> new Socket("localhost", 1));
  }

  private static TransparencyWatch reader(Socket socket) {
    return TransparencyWatch.start(() -> socket.getInputStream().read());
  }

  private static void tell(String name, Callable<?> call) {
    System.out.println(name + ": " + TransparencyWatch.outcome(call));
  }

  /** Stock is early by less than a millisecond at times; we may not be earlier. */
  private static void timed(String name, Callable<?> call) {
    long start = System.nanoTime();
    String outcome = TransparencyWatch.outcome(call);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    boolean early = outcome.contains("timed out") && millis < TIMEOUT_MILLIS - 1;
    System.out.println(name + ": " + outcome + (early ? ", TOO EARLY" : ""));
  }
}
