package onequeue.it.programs;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Selectors: readiness, wakeup, cancel and close under a select. */
public final class TransparencySelect {
  private static final int LIMIT_MILLIS = 40;

  private TransparencySelect() {}

  /** Prints what each call gave. */
  public static void main(String[] args) throws Exception {
    readiness();
    wakeups();
    keys();
    limits();
  }

  private static void readiness() throws Exception {
    Selector selector = Selector.open();
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
    TransparencyWatch watch = TransparencyWatch.start(selector::select);
    System.out.println("select: " + watch.blocked());
    pipe.sink().write(ByteBuffer.allocate(3));
    System.out.println("data: " + watch.end() + " " + key.readyOps());
    System.out.println("still selected: " + selector.select() + selector.selectedKeys().size());
    selector.selectedKeys().clear();
    System.out.println("level: " + selector.selectNow() + selector.select(1) + selector.select());
    pipe.source().read(ByteBuffer.allocate(9));
    selector.selectedKeys().clear();
    System.out.println("drained: " + selector.selectNow());
    pipe.sink().close();
    System.out.println("end: " + selector.select() + " " + key.readyOps());
    System.out.println("action: " + selector.select(k -> System.out.println(k.readyOps())));
    ServerSocketChannel server = ServerSocketChannel.open().bind(TransparencyOps.loopback());
    server.configureBlocking(false);
    SelectionKey accept = server.register(selector, SelectionKey.OP_ACCEPT);
    key.cancel();
    selector.selectNow();
    TransparencyWatch accepting = TransparencyWatch.start(selector::select);
    accepting.blocked();
    SocketChannel client = SocketChannel.open(server.getLocalAddress());
    System.out.println("accept: " + accepting.end() + " " + accept.isAcceptable());
    SocketChannel accepted = server.accept();
    accepted.configureBlocking(false);
    System.out.println("nothing there: " + accepted.read(ByteBuffer.allocate(3)) + server.accept());
    client.close();
    selector.close();
    accepted.configureBlocking(true);
    System.out.println("blocking again: " + accepted.read(ByteBuffer.allocate(3)));
  }

  private static void wakeups() throws Exception {
    Selector selector = Selector.open();
    selector.wakeup().wakeup();
    System.out.println("wakeup before: " + selector.select());
    System.out.println("one only: " + selector.selectNow() + selector.select(1));
    TransparencyWatch watch = TransparencyWatch.start(selector::select);
    watch.blocked();
    selector.wakeup();
    System.out.println("wakeup under select: " + watch.end());
    TransparencyWatch interrupted = TransparencyWatch.start(() -> selector.select(60_000));
    interrupted.blocked();
    interrupted.thread().interrupt();
    System.out.println("interrupt: " + interrupted.end() + selector.isOpen());
    TransparencyWatch closed = TransparencyWatch.start(selector::select);
    closed.blocked();
    selector.close();
    System.out.println("close: " + closed.end() + selector.isOpen());
    tell("select after close", selector::select);
    tell("wakeup after close", selector::wakeup);
    tell("keys after close", selector::keys);
  }

  private static void keys() throws Exception {
    Selector selector = Selector.open();
    SocketChannel[] pair = TransparencyOps.tcp();
    pair[0].configureBlocking(false);
    SelectionKey key = pair[0].register(selector, SelectionKey.OP_READ);
    TransparencyWatch watch = TransparencyWatch.start(selector::select);
    watch.blocked();
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    selector.wakeup();
    System.out.println("interest under select: " + watch.end());
    System.out.println("then: " + selector.select() + " " + key.readyOps());
    key.interestOps(SelectionKey.OP_READ);
    selector.selectedKeys().clear();
    TransparencyWatch cancelling = TransparencyWatch.start(selector::select);
    cancelling.blocked();
    key.cancel();
    selector.wakeup();
    System.out.println("cancel: " + cancelling.end() + key.isValid() + selector.keys().size());
    tell("key", key::readyOps);
    SelectionKey again = pair[0].register(selector, SelectionKey.OP_READ);
    TransparencyWatch closing = TransparencyWatch.start(selector::select);
    closing.blocked();
    pair[0].close();
    selector.wakeup();
    System.out.println("channel closed: " + closing.end() + again.isValid());
    tell("illegal", () -> pair[1].register(selector, SelectionKey.OP_READ));
    pair[1].configureBlocking(false);
    pair[1].register(selector, SelectionKey.OP_READ);
    tell("blocking while registered", () -> pair[1].configureBlocking(true));
    selector.close();
    pair[1].close();
  }

  private static void limits() throws Exception {
    try (Selector selector = Selector.open()) {
      long start = System.nanoTime();
      int n = selector.select(LIMIT_MILLIS);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      System.out.println("limit: " + n + (millis < LIMIT_MILLIS ? ", TOO EARLY" : ""));
      tell("negative", () -> selector.select(-1));
    }
  }

  private static void tell(String name, Callable<?> call) {
    String text = TransparencyWatch.outcome(call);
    System.out.println(name + ": " + text.replaceAll("@[0-9a-f]+", ""));
  }
}
