package onequeue.it.programs;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static onequeue.it.programs.FuzzKernel.ERROR;
import static onequeue.it.programs.FuzzKernel.IN;
import static onequeue.it.programs.FuzzKernel.OUT;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import onequeue.it.programs.FuzzEnd.Kind;
import onequeue.it.programs.FuzzSelector.How;

/** Links whose connecting and accepting go through a selector. */
final class FuzzServer extends FuzzChannel {
  private final ServerSocketChannel server;

  FuzzServer() throws IOException {
    super("server", ServerSocketChannel.open());
    server = (ServerSocketChannel) channel;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.configureBlocking(false);
  }

  @Override
  int ready(int interest) {
    return (FuzzKernel.poll(channel, IN) & IN) != 0 ? interest & OP_ACCEPT : 0;
  }

  /** What was seen goes to the end of the history; the near end stays in the selector. */
  FuzzEnd[] connect(FuzzLinks links, FuzzSelector selector, How how, StringBuilder history)
      throws IOException {
    server.register(selector.selector, OP_ACCEPT, this);
    SocketChannel client = SocketChannel.open();
    FuzzEnd connecting = new FuzzEnd(Kind.TCP, "connecting", client);
    SelectionKey key = start(client, server.getLocalAddress(), selector, connecting);
    FuzzKernel.await(() -> (FuzzKernel.poll(client, OUT) & OUT) != 0, "connected");
    FuzzKernel.await(() -> (FuzzKernel.poll(server, IN) & IN) != 0, "to be accepted");
    history.append(selector.select(how, false));
    history.append(' ').append(client.finishConnect()).append(' ');
    history.append(selector.select(how, false));
    FuzzEnd[] pair = links.pair(Kind.TCP, client, server.accept());
    key.attach(pair[0]);
    key.interestOps(OP_READ);
    history.append(" accepted ").append(pair[1].name).append(' ').append(server.accept());
    return pair;
  }

  private static SelectionKey start(
      SocketChannel client, SocketAddress to, FuzzSelector selector, FuzzEnd end)
      throws IOException {
    client.configureBlocking(false);
    SelectionKey key = client.register(selector.selector, OP_CONNECT, end);
    client.connect(to);
    return key;
  }

  /** Nobody listens there. */
  static String refused(FuzzSelector selector, How how) throws IOException {
    String history;
    try (SocketChannel nobody = SocketChannel.open();
        SocketChannel client = SocketChannel.open()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      start(client, nobody.getLocalAddress(), selector, new FuzzEnd(Kind.TCP, "refused", client));
      FuzzKernel.await(() -> (FuzzKernel.poll(client, 0) & ERROR) != 0, "refused");
      history = selector.select(how, false);
      try {
        history += client.finishConnect();
      } catch (IOException e) {
        history += " " + e;
      }
    }
    selector.selector.selectedKeys().clear();
    return history;
  }
}
