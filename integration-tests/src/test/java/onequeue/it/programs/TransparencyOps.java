package onequeue.it.programs;

import static java.net.InetAddress.getLoopbackAddress;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Every blocking operation of the JDK's sockets, pipes and selectors, made ready to block. */
final class TransparencyOps {
  private static final int MORE_THAN_BUFFERS = 32 << 20;
  private static final int LONG_TIMEOUT_MILLIS = 60_000;

  /**
   * @param interruptible whether an interrupt ends it
   * @param call the call that blocks
   * @param target what the call is made on
   * @param rest to be closed afterwards
   */
  record Op(boolean interruptible, Callable<?> call, Closeable target, List<Closeable> rest) {}

  interface Maker {
    Op make() throws IOException;
  }

  private TransparencyOps() {}

  static Map<String, Maker> all() {
    Map<String, Maker> all = new LinkedHashMap<>();
    all.put("Socket read", () -> socketRead(0));
    all.put("Socket read, timed", () -> socketRead(LONG_TIMEOUT_MILLIS));
    all.put("Socket write", TransparencyOps::socketWrite);
    all.put("Socket connect", () -> socketConnect(0));
    all.put("Socket connect, timed", () -> socketConnect(LONG_TIMEOUT_MILLIS));
    all.put("ServerSocket accept", () -> serverSocketAccept(0));
    all.put("ServerSocket accept, timed", () -> serverSocketAccept(LONG_TIMEOUT_MILLIS));
    all.put("SocketChannel read", () -> channelRead(tcp()));
    all.put("SocketChannel scattering read", () -> channelScatter(tcp()));
    all.put("SocketChannel write", () -> channelWrite(tcp()));
    all.put("SocketChannel gathering write", () -> channelGather(tcp()));
    all.put("SocketChannel connect", TransparencyOps::channelConnect);
    all.put("ServerSocketChannel accept", () -> channelAccept(loopback(), false));
    all.put("Unix SocketChannel read", () -> channelRead(unix()));
    all.put("Unix SocketChannel write", () -> channelWrite(unix()));
    all.put("Unix SocketChannel connect", TransparencyOps::unixConnect);
    all.put("Unix ServerSocketChannel accept", () -> channelAccept(path(), true));
    all.put("DatagramChannel receive", () -> datagram(false));
    all.put("DatagramChannel read", () -> datagram(true));
    all.put("DatagramSocket receive", () -> datagramSocket(0));
    all.put("DatagramSocket receive, timed", () -> datagramSocket(LONG_TIMEOUT_MILLIS));
    all.put("Pipe read", TransparencyOps::pipeRead);
    all.put("Pipe write", TransparencyOps::pipeWrite);
    all.put("Selector select", () -> select(0));
    all.put("Selector select, timed", () -> select(LONG_TIMEOUT_MILLIS));
    return all;
  }

  private static Op socketRead(int timeoutMillis) throws IOException {
    Socket[] pair = sockets();
    pair[0].setSoTimeout(timeoutMillis);
    return new Op(false, () -> pair[0].getInputStream().read(), pair[0], List.of(pair[1]));
  }

  private static Op socketWrite() throws IOException {
    Socket[] pair = sockets();
    Callable<?> write =
        () -> {
          pair[0].getOutputStream().write(new byte[MORE_THAN_BUFFERS]);
          return "written";
        };
    return new Op(false, write, pair[0], List.of(pair[1]));
  }

  private static Op socketConnect(int timeoutMillis) throws IOException {
    ServerSocket full = new ServerSocket(0, 1, getLoopbackAddress());
    SocketAddress address = full.getLocalSocketAddress();
    Closeable first = SocketChannel.open(address);
    Closeable second = SocketChannel.open(address);
    Socket socket = new Socket();
    Callable<?> connect =
        () -> {
          socket.connect(address, timeoutMillis);
          return "connected";
        };
    return new Op(false, connect, socket, List.of(full, first, second));
  }

  private static Op serverSocketAccept(int timeoutMillis) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, getLoopbackAddress());
    server.setSoTimeout(timeoutMillis);
    return new Op(false, server::accept, server, List.of());
  }

  private static Op channelRead(SocketChannel[] pair) {
    return new Op(true, () -> pair[0].read(ByteBuffer.allocate(9)), pair[0], List.of(pair[1]));
  }

  private static Op channelScatter(SocketChannel[] pair) {
    ByteBuffer[] two = {ByteBuffer.allocate(9), ByteBuffer.allocateDirect(9)};
    return new Op(true, () -> pair[0].read(two), pair[0], List.of(pair[1]));
  }

  private static Op channelWrite(SocketChannel[] pair) {
    ByteBuffer much = ByteBuffer.allocateDirect(MORE_THAN_BUFFERS);
    return new Op(true, () -> part(pair[0].write(much)), pair[0], List.of(pair[1]));
  }

  private static Op channelGather(SocketChannel[] pair) {
    ByteBuffer much = ByteBuffer.allocateDirect(MORE_THAN_BUFFERS / 2);
    ByteBuffer[] two = {much, much.duplicate()};
    return new Op(true, () -> part(pair[0].write(two)), pair[0], List.of(pair[1]));
  }

  private static Op channelConnect() throws IOException {
    ServerSocket full = new ServerSocket(0, 1, getLoopbackAddress());
    SocketAddress address = full.getLocalSocketAddress();
    Closeable first = SocketChannel.open(address);
    Closeable second = SocketChannel.open(address);
    SocketChannel channel = SocketChannel.open();
    return new Op(true, () -> channel.connect(address), channel, List.of(full, first, second));
  }

  private static Op channelAccept(SocketAddress address, boolean unix) throws IOException {
    ServerSocketChannel server =
        unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
    server.bind(address);
    return new Op(true, server::accept, server, List.of());
  }

  private static Op unixConnect() throws IOException {
    ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    SocketAddress address = path();
    full.bind(address, 1);
    Closeable first = SocketChannel.open(address);
    Closeable second = SocketChannel.open(address);
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    return new Op(true, () -> channel.connect(address), channel, List.of(full, first, second));
  }

  private static Op datagram(boolean connected) throws IOException {
    DatagramChannel channel = DatagramChannel.open().bind(loopback());
    if (connected) {
      channel.connect(loopback(9));
    }
    ByteBuffer buffer = ByteBuffer.allocate(9);
    return new Op(
        true, () -> connected ? channel.read(buffer) : channel.receive(buffer), channel, List.of());
  }

  private static Op datagramSocket(int timeoutMillis) throws IOException {
    DatagramSocket socket = new DatagramSocket(loopback());
    socket.setSoTimeout(timeoutMillis);
    Callable<?> receive =
        () -> {
          socket.receive(new java.net.DatagramPacket(new byte[9], 9));
          return "received";
        };
    return new Op(false, receive, socket, List.of());
  }

  private static Op pipeRead() throws IOException {
    Pipe pipe = Pipe.open();
    Callable<?> read = () -> pipe.source().read(ByteBuffer.allocate(9));
    return new Op(true, read, pipe.source(), List.of(pipe.sink()));
  }

  private static Op pipeWrite() throws IOException {
    Pipe pipe = Pipe.open();
    ByteBuffer much = ByteBuffer.allocateDirect(MORE_THAN_BUFFERS);
    return new Op(true, () -> part(pipe.sink().write(much)), pipe.sink(), List.of(pipe.source()));
  }

  private static Op select(int timeoutMillis) throws IOException {
    Selector selector = Selector.open();
    return new Op(true, () -> selector.select(timeoutMillis), selector, List.of());
  }

  /** How much fits into the buffers on the way differs from run to run. */
  private static String part(long written) {
    return written == MORE_THAN_BUFFERS ? "all" : written > 0 ? "a part" : "" + written;
  }

  static Socket[] sockets() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, getLoopbackAddress())) {
      Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
      return new Socket[] {socket, server.accept()};
    }
  }

  static SocketChannel[] tcp() throws IOException {
    return pair(ServerSocketChannel.open().bind(loopback()));
  }

  static SocketChannel[] unix() throws IOException {
    return pair(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path()));
  }

  private static SocketChannel[] pair(ServerSocketChannel bound) throws IOException {
    try (ServerSocketChannel server = bound) {
      SocketChannel channel = SocketChannel.open(server.getLocalAddress());
      return new SocketChannel[] {channel, server.accept()};
    }
  }

  static SocketAddress loopback() {
    return loopback(0);
  }

  private static SocketAddress loopback(int port) {
    return new InetSocketAddress(getLoopbackAddress(), port);
  }

  private static SocketAddress path() throws IOException {
    Path directory = Files.createTempDirectory("sock");
    directory.toFile().deleteOnExit();
    Path path = directory.resolve("s");
    path.toFile().deleteOnExit();
    return UnixDomainSocketAddress.of(path);
  }
}
