package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;

/** Sockets of platform threads: an interrupt, early or late, ends none of their waits. */
public final class AdoptionSockets {
  private static final int MUCH = 32 << 20;

  private AdoptionSockets() {}

  /** Prints what the calls gave, and the interrupt status after them. */
  public static void main(String[] args) throws Exception {
    interruptedBefore();
    interruptedAllTheTime();
    timeouts();
    shutdownWhileReading();
    available();
  }

  /** A call that begins with the status set waits all the same. */
  private static TransparencyWatch begun(Callable<?> call) {
    return TransparencyWatch.start(
        () -> {
          Thread.currentThread().interrupt();
          return call.call();
        });
  }

  private static void interruptedBefore() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    TransparencyWatch reader = begun(() -> pair[0].getInputStream().read());
    waits("read", reader);
    pair[1].getOutputStream().write(7);
    System.out.println("read " + reader.end());
    pair[0].setSoTimeout(60_000);
    TransparencyWatch timed = begun(() -> pair[0].getInputStream().read());
    waits("timed read", timed);
    pair[1].getOutputStream().write(8);
    System.out.println("timed read " + timed.end());
    TransparencyWatch writer = begun(() -> written(pair[0]));
    waits("write", writer);
    System.out.println(pair[1].getInputStream().readNBytes(MUCH).length + " " + writer.end());
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TransparencyWatch acceptor = begun(() -> server.accept().isConnected());
      waits("accept", acceptor);
      TransparencyWatch connector =
          begun(() -> new Socket(server.getInetAddress(), server.getLocalPort()).isConnected());
      System.out.println("accept " + acceptor.end() + " connect " + connector.end());
    }
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      TransparencyWatch receiver = begun(() -> received(socket));
      waits("receive", receiver);
      TransparencyWatch sender = begun(() -> sent(socket));
      System.out.println("receive " + receiver.end() + " send " + sender.end());
    }
  }

  private static void waits(String name, TransparencyWatch watch) {
    watch.blocked();
    System.out.println(
        name + " waits " + watch.thread().isAlive() + watch.thread().isInterrupted());
  }

  private static String written(Socket socket) throws Exception {
    socket.getOutputStream().write(new byte[MUCH]);
    return "written";
  }

  private static int received(DatagramSocket socket) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[9], 9);
    socket.receive(packet);
    return packet.getLength();
  }

  private static String sent(DatagramSocket socket) throws Exception {
    socket.send(new DatagramPacket(new byte[5], 5, socket.getLocalSocketAddress()));
    return "sent";
  }

  /** Bytes must neither be lost nor come twice. */
  private static void interruptedAllTheTime() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    AtomicBoolean over = new AtomicBoolean();
    TransparencyWatch reader = TransparencyWatch.start(() -> sum(pair[1].getInputStream()));
    TransparencyWatch writer = TransparencyWatch.start(() -> pour(pair[0]));
    Thread heckler =
        AdoptionThreads.start(
            "heckler",
            () -> {
              while (!over.get()) {
                reader.thread().interrupt();
                writer.thread().interrupt();
                Thread.sleep(1);
              }
            });
    String poured = writer.end() + ", read " + reader.end();
    System.out.println("poured " + poured.replace(", interrupted", ""));
    over.set(true);
    heckler.join();
  }

  private static String pour(Socket socket) throws Exception {
    CRC32 crc = new CRC32();
    byte[] block = new byte[99_991];
    try (OutputStream out = socket.getOutputStream()) {
      for (int i = 0; i < MUCH / block.length; i++) {
        Arrays.fill(block, (byte) i);
        crc.update(block);
        out.write(block);
      }
    }
    return Long.toHexString(crc.getValue());
  }

  private static String sum(InputStream in) throws Exception {
    CRC32 crc = new CRC32();
    byte[] block = new byte[8192];
    for (int n; (n = in.read(block)) >= 0; ) {
      crc.update(block, 0, n);
    }
    return Long.toHexString(crc.getValue());
  }

  private static void timeouts() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    AdoptionThreads.run(
        "timeouts",
        () -> {
          InputStream in = pair[0].getInputStream();
          pair[0].setSoTimeout(10);
          for (int i = 0; i < 3; i++) {
            tell("timed", in::read);
          }
          pair[1].getOutputStream().write(new byte[] {1, 2});
          tell("what is there", in::read);
          pair[0].setSoTimeout(0);
          tell("without a limit", in::read);
        });
    TransparencyWatch reader = TransparencyWatch.start(() -> pair[0].getInputStream().read());
    reader.blocked();
    pair[1].getOutputStream().write(3);
    System.out.println("afterwards " + reader.end());
  }

  private static void shutdownWhileReading() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    TransparencyWatch reader = TransparencyWatch.start(() -> pair[0].getInputStream().read());
    reader.blocked();
    pair[0].shutdownInput();
    System.out.println("shut down " + reader.end());
    AdoptionThreads.run("again", () -> tell("again", () -> pair[0].getInputStream().read()));
    TransparencyWatch other = TransparencyWatch.start(() -> pair[1].getInputStream().read());
    other.blocked();
    pair[0].shutdownOutput();
    System.out.println("half-closed " + other.end() + pair[1].isInputShutdown());
  }

  private static void available() throws Exception {
    Socket[] pair = TransparencyOps.sockets();
    pair[1].getOutputStream().write(new byte[5]);
    AdoptionThreads.run(
        "available",
        () -> {
          InputStream in = pair[0].getInputStream();
          int first = in.read();
          System.out.println(first + " and " + in.available() + " " + in.skip(2));
          System.out.println(in.readNBytes(2).length + " and " + in.available());
        });
  }
}
