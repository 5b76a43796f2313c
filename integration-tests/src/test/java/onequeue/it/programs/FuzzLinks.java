package onequeue.it.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import onequeue.it.programs.FuzzEnd.Kind;

/** Makes pairs of ends, neither of which blocks. */
final class FuzzLinks implements AutoCloseable {
  /** Soon full. */
  private static final int BUFFER = 32 * 1024;

  private final Path directory = Files.createTempDirectory("fuzz");
  private final Path path = directory.resolve("socket");
  private final ServerSocketChannel tcp = ServerSocketChannel.open();
  private final ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  private int made;

  FuzzLinks() throws IOException {
    tcp.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
    tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    unix.bind(UnixDomainSocketAddress.of(path));
  }

  FuzzEnd[] open(Kind kind) throws IOException {
    switch (kind) {
      case TCP:
        SocketChannel client = SocketChannel.open();
        client.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        client.connect(tcp.getLocalAddress());
        SocketChannel accepted = tcp.accept();
        client.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        accepted.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        return pair(kind, client, accepted);
      case UNIX:
        SocketChannel near = SocketChannel.open(unix.getLocalAddress());
        return pair(kind, near, unix.accept());
      case PIPE:
        Pipe pipe = Pipe.open();
        return pair(kind, pipe.source(), pipe.sink());
      default:
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DatagramChannel one = DatagramChannel.open().bind(any);
        DatagramChannel other = DatagramChannel.open().bind(any);
        one.connect(other.getLocalAddress());
        other.connect(one.getLocalAddress());
        return pair(kind, one, other);
    }
  }

  /** The name says of what kind they are. */
  FuzzEnd[] pair(Kind kind, SelectableChannel one, SelectableChannel other) throws IOException {
    String name = kind.name().charAt(0) + String.valueOf(made++);
    FuzzEnd[] ends = {new FuzzEnd(kind, name + "a", one), new FuzzEnd(kind, name + "b", other)};
    ends[0].peer = ends[1];
    ends[1].peer = ends[0];
    one.configureBlocking(false);
    other.configureBlocking(false);
    return ends;
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    unix.close();
    Files.delete(path);
    Files.delete(directory);
  }
}
