package onequeue.it.programs;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import onequeue.it.programs.FuzzEnd.Kind;
import onequeue.it.programs.FuzzSelector.How;

/**
 * A random program over channels and selectors, the same for the same seed. Each step leaves the
 * kernel in a state that does not depend on the time it took, so that what the program sees is the
 * same whenever it runs; see {@link FuzzHistory} for what becomes of that.
 *
 * <p>Run with {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}; arguments: seed, number of
 * steps, and those of the history.
 */
public final class ChannelFuzz {
  static final long PATIENCE_NANOS = 20_000_000_000L;

  private static final int LINKS = 5;
  private static final int SELECTORS = 3;

  /** Steps that one thread makes before another takes over. */
  private static final int TURN = 8;

  private final long seed;
  private final FuzzHistory history;
  private final FuzzActors actors;
  private final FuzzLinks links = new FuzzLinks();
  private final FuzzServer server = new FuzzServer();
  private final FuzzEnd[][] pairs = new FuzzEnd[LINKS][];

  /** Closed, and still in a selector. */
  private final List<FuzzEnd> leaving = new ArrayList<>();

  private final FuzzSelector[] selectors = new FuzzSelector[SELECTORS];
  private SplittableRandom random;
  private int actor;

  private ChannelFuzz(long seed, FuzzHistory history, FuzzActors actors) throws IOException {
    this.seed = seed;
    this.history = history;
    this.actors = actors;
    random = new SplittableRandom(seed);
    for (int i = 0; i < LINKS; i++) {
      pairs[i] = links.open(kind());
    }
    for (int i = 0; i < SELECTORS; i++) {
      selectors[i] = new FuzzSelector("S" + i);
    }
  }

  /** Prints digests, or lines; then how many steps there were. */
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[0]);
    int steps = Integer.parseInt(args[1]);
    FuzzHistory history = FuzzHistory.of(args, 2);
    FuzzActors actors = new FuzzActors();
    Thread driver =
        new Thread(
            () -> {
              try {
                new ChannelFuzz(seed, history, actors).walk(steps);
                System.out.println(steps + " steps");
                System.err.println("spurious " + FuzzSelector.spurious);
              } catch (Throwable e) {
                System.out.println("seed " + seed);
                history.print();
                e.printStackTrace(System.out);
                System.exit(1);
              }
              actors.end();
            });
    driver.start();
    actors.serve(0);
    driver.join();
  }

  private void walk(int steps) throws Exception {
    for (int step = 0; step < steps; step += TURN) {
      int first = step;
      actor = new SplittableRandom(seed + step).nextInt(FuzzActors.COUNT);
      FuzzActors.join(
          actors.start(
              actor,
              () -> {
                for (int i = first; i < first + TURN && i < steps; i++) {
                  random = new SplittableRandom(seed * 31 + i);
                  history.step(actor + " " + step());
                }
                return null;
              }));
    }
    for (FuzzEnd[] pair : pairs) {
      pair[0].channel.close();
      pair[1].channel.close();
    }
    for (FuzzSelector selector : selectors) {
      selector.selector.close();
    }
    server.channel.close();
    links.close();
  }

  private String step() throws Exception {
    int which = random.nextInt(LINKS);
    FuzzEnd[] pair = pairs[which];
    if ((pair[0].closed || pair[1].closed) && random.nextInt(16) == 0) {
      return renew(which);
    }
    FuzzEnd end = pair[random.nextInt(4) == 0 ? 1 : 0];
    try {
      return step(random.nextInt(1000), end);
    } catch (IOException | RuntimeException e) {
      return end.name + " " + e;
    }
  }

  /** Some steps are likelier: those of a server that drops and takes up its interest. */
  private String step(int which, FuzzEnd end) throws Exception {
    if (which < 180) {
      FuzzEnd writer =
          end.writable() ? end.peer.readable() && random.nextInt(3) > 0 ? end.peer : end : end.peer;
      writer = writer.writable() ? writer : writer.peer;
      return writer.name + " " + writer.write(size(), pieces());
    } else if (which < 380) {
      FuzzEnd reader = end.readable() ? end : end.peer;
      return reader.name + " " + reader.read(howMuch(reader), pieces());
    } else if (which < 570) {
      return toggle(end);
    } else if (which < 600) {
      return interest(end);
    } else if (which < 850) {
      return select();
    } else if (which < 885) {
      return register(end);
    } else if (which < 910) {
      return cancel(end);
    } else if (which < 925) {
      return readBlocking(end.readable() ? end : end.peer);
    } else if (which < 930) {
      return switchBlocking(end);
    } else if (which < 936) {
      return end.name + " " + end.shutdownOutput();
    } else if (which < 940) {
      return end.name + " " + end.shutdownInput();
    } else if (which < 950) {
      return close(end, random.nextInt(3) == 0);
    } else if (which < 960) {
      FuzzEnd writer = end.writable() ? end : end.peer;
      return writer.name + " " + writer.flood();
    } else if (which < 975) {
      return flooded().drain();
    } else if (which < 979) {
      return end.name + " " + end.urgent();
    } else if (which < 985) {
      return wakeup();
    } else if (which < 990) {
      return interrupt();
    } else if (which < 991) {
      return reopen();
    } else if (which < 992) {
      return renew(random.nextInt(LINKS));
    } else if (which < 994) {
      return connect(random.nextInt(LINKS));
    }
    return meet(end);
  }

  private Kind kind() {
    int which = random.nextInt(10);
    return which < 6 ? Kind.TCP : Kind.values()[which - 6];
  }

  private int size() {
    return random.nextInt(16) == 0 ? 1 + random.nextInt(4096) : 1 + random.nextInt(64);
  }

  private int pieces() {
    return random.nextInt(6) == 0 ? 1 + random.nextInt(5) : 1;
  }

  /** Exactly all, more, less, next to nothing, nothing. */
  private int howMuch(FuzzEnd end) {
    int all = Math.min(Math.max(end.unread, 1), 8192);
    switch (random.nextInt(8)) {
      case 0:
        return all;
      case 1:
        return all + 1;
      case 2:
        return 1 + random.nextInt(all);
      case 3:
        return 1 + random.nextInt(4);
      case 4:
        return random.nextInt(4) == 0 ? 0 : 16;
      default:
        return all + random.nextInt(256);
    }
  }

  private FuzzSelector pick() {
    int which = random.nextInt(10);
    return selectors[which < 7 ? 0 : which < 9 ? 1 : 2];
  }

  private int ops(FuzzEnd end) {
    int which = random.nextInt(8);
    if (which == 0) {
      return OP_WRITE | OP_READ;
    }
    return which < 3 ? OP_WRITE : end.readable() ? OP_READ : OP_WRITE;
  }

  private String toggle(FuzzEnd end) throws IOException {
    FuzzSelector selector = pick();
    SelectionKey key = end.channel.keyFor(selector.selector);
    if (key == null) {
      key = end.channel.register(selector.selector, end.readable() ? OP_READ : OP_WRITE, end);
    } else {
      int ops = end.readable() ? OP_READ : OP_WRITE;
      if (random.nextInt(4) == 0) {
        return end.name
            + " from "
            + (random.nextBoolean() ? key.interestOpsAnd(~ops) : key.interestOpsOr(ops));
      }
      key.interestOps(key.interestOps() == 0 ? ops : 0);
    }
    return end.name + " interest " + key.interestOps();
  }

  private String interest(FuzzEnd end) {
    SelectionKey key = end.channel.keyFor(pick().selector);
    if (key == null) {
      return end.name + " has no key";
    }
    key.interestOps(random.nextInt(3) == 0 ? 0 : ops(end));
    return end.name + " interest " + key.interestOps();
  }

  private String register(FuzzEnd end) throws IOException {
    SelectionKey key =
        end.channel.register(pick().selector, random.nextInt(4) == 0 ? 0 : ops(end), end);
    return end.name + " registered " + key.interestOps();
  }

  private String select() throws IOException {
    FuzzSelector selector = pick();
    String told = selector.select(how(), false);
    return told + after(selector) + left();
  }

  /** Mostly at once: what waits in vain costs a millisecond. */
  private How how() {
    How how = How.values()[random.nextInt(How.values().length)];
    return random.nextInt(4) == 0 ? how : how.ordinal() < 3 ? How.NOW : How.NOW_EACH;
  }

  /** What is done with the selected keys: nothing, or all or one of them removed. */
  private String after(FuzzSelector selector) {
    int which = random.nextInt(8);
    if (which == 0) {
      return "";
    }
    if (which < 7) {
      selector.selector.selectedKeys().clear();
      return " cleared";
    }
    for (SelectionKey key : selector.keys()) {
      if (selector.selector.selectedKeys().remove(key)) {
        return " one removed";
      }
    }
    return "";
  }

  /** Closed channels leave a selector when it is asked. */
  private String left() throws IOException {
    int all = leaving.size();
    for (Iterator<FuzzEnd> ends = leaving.iterator(); ends.hasNext(); ) {
      FuzzEnd end = ends.next();
      end.goIfLeft();
      if (end.gone()) {
        ends.remove();
      }
    }
    return all == leaving.size() ? "" : ", " + (all - leaving.size()) + " left";
  }

  private String cancel(FuzzEnd end) throws IOException {
    FuzzSelector selector = pick();
    SelectionKey key = end.channel.keyFor(selector.selector);
    if (key == null) {
      return end.name + " has no key";
    }
    key.cancel();
    if (random.nextInt(3) == 0) {
      end.channel.register(selector.selector, OP_READ, end); // is too early
    }
    return end.name + " cancelled, " + selector.select(How.NOW, false) + left();
  }

  private String leaveAll(FuzzEnd end) throws IOException {
    for (FuzzSelector selector : selectors) {
      SelectionKey key = end.channel.keyFor(selector.selector);
      if (key != null) {
        key.cancel();
        selector.selector.selectNow();
        selector.selector.selectedKeys().clear();
      }
    }
    return left();
  }

  /** What is there; with a timeout, through the socket's own stream, also what is not. */
  private String readBlocking(FuzzEnd end) throws IOException {
    String left = leaveAll(end);
    if (end.comesInParts()) {
      return end.name + " comes in parts" + left;
    }
    end.channel.configureBlocking(true);
    try {
      boolean ready = end.ready(OP_READ) != 0;
      byte[] bytes = new byte[1 + random.nextInt(100)];
      if (end.channel instanceof SocketChannel socket
          && end.kind == Kind.TCP
          && random.nextBoolean()) {
        socket.socket().setSoTimeout(ready ? 20_000 : 1);
        int n = socket.socket().getInputStream().read(bytes);
        return end.name
            + " read, timed "
            + n
            + end.took(n, ByteBuffer.wrap(bytes).position(Math.max(n, 0)))
            + left;
      }
      if (!ready) {
        return end.name + " has nothing" + left;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      int n = ((ReadableByteChannel) end.channel).read(buffer);
      return end.name + " read, blocking " + n + end.took(n, buffer) + left;
    } finally {
      end.channel.configureBlocking(false);
    }
  }

  /** Refused where there is a key. */
  private static String switchBlocking(FuzzEnd end) throws IOException {
    end.channel.configureBlocking(true);
    end.channel.configureBlocking(false);
    return end.name + " switched";
  }

  /** Something happens in another thread while this one is in a selector, or reads. */
  private String meet(FuzzEnd end) throws Exception {
    FuzzMeetings meetings = new FuzzMeetings(random, actors, actor);
    FuzzSelector selector = pick();
    int which = random.nextInt(8);
    if (which == 7) {
      return meetings.close(selector) + reopen(selector) + left();
    }
    if (which == 0 && end.readable()) {
      String left = leaveAll(end);
      return meetings.readBlocking(end) + left;
    }
    boolean reset = random.nextBoolean();
    String met =
        which < 2
            ? meetings.wakeup(selector)
            : which < 4
                ? meetings.readWhileSelecting(selector, end.readable() ? end : end.peer)
                : which < 6
                    ? meetings.serve(selector, end.readable() ? end : end.peer)
                    : meetings.during(selector, () -> close(end, reset));
    return met + selector.select(How.NOW, false) + left();
  }

  private String close(FuzzEnd end, boolean reset) throws IOException {
    String closed = end.close(reset);
    if (closed.endsWith("registered")) {
      leaving.add(end);
    }
    return end.name + " " + closed;
  }

  private FuzzEnd flooded() {
    for (FuzzEnd[] pair : pairs) {
      for (FuzzEnd end : pair) {
        if (end.flooded && end.channel.isOpen()) {
          return end;
        }
      }
    }
    return pairs[0][0];
  }

  private String wakeup() throws IOException {
    FuzzSelector selector = pick();
    selector.selector.wakeup();
    return "woken " + selector.select(How.WAIT, true) + left();
  }

  private String interrupt() throws IOException {
    FuzzSelector selector = pick();
    Thread.currentThread().interrupt();
    String told = selector.select(How.WAIT, true);
    return "interrupted " + told + " " + Thread.interrupted() + left();
  }

  private String reopen() throws IOException {
    FuzzSelector selector = pick();
    selector.selector.close();
    return reopen(selector) + left();
  }

  private String reopen(FuzzSelector selector) throws IOException {
    int which = List.of(selectors).indexOf(selector);
    selectors[which] = new FuzzSelector("S" + which);
    return "S" + which + " closed";
  }

  private String connect(int which) throws IOException {
    FuzzSelector selector = pick();
    if (random.nextInt(3) == 0) {
      return FuzzServer.refused(selector, how()) + left();
    }
    StringBuilder history = new StringBuilder();
    for (FuzzEnd end : pairs[which]) {
      history.append(end.closed ? "" : close(end, random.nextBoolean()) + ", ");
    }
    pairs[which] = server.connect(links, selector, how(), history);
    return history + left();
  }

  private String renew(int which) throws IOException {
    String closed = "";
    for (FuzzEnd end : pairs[which]) {
      closed += end.closed ? "" : close(end, random.nextBoolean()) + ", ";
    }
    pairs[which] = links.open(kind());
    return closed + pairs[which][0].name;
  }
}
