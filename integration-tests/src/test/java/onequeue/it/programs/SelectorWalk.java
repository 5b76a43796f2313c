package onequeue.it.programs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A random walk over connections, their interests and two selectors. After each step the selectors
 * must say what a model says: what is unread, ended or reset is ready for as long as it is so, and
 * nothing else is. Prints how many steps were checked, or what went wrong after which seed.
 */
public final class SelectorWalk {
  private static final int CONNECTIONS = 6;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final Random random;
  private final Selector[] selectors = {Selector.open(), Selector.open()};
  private final List<WalkConnection> connections = new ArrayList<>();

  private SelectorWalk(long seed) throws IOException {
    random = new Random(seed);
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new WalkConnection(random));
    }
  }

  /** Walks: seed, number of steps. In a thread of its own, which may be adopted. */
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[0]);
    int steps = Integer.parseInt(args[1]);
    Thread walker =
        new Thread(
            () -> {
              try {
                new SelectorWalk(seed).walk(steps);
                System.out.println(steps + " steps, all as the model says");
              } catch (Throwable e) {
                System.out.println("seed " + seed);
                e.printStackTrace(System.out);
                System.exit(1);
              }
            });
    walker.start();
    walker.join();
  }

  private void walk(int steps) throws Exception {
    for (int step = 0; step < steps; step++) {
      int i = random.nextInt(CONNECTIONS);
      String what = step(i, connections.get(i));
      for (Selector selector : selectors) {
        check(selector, "step " + step + ", " + what);
      }
    }
    for (WalkConnection connection : connections) {
      connection.close();
    }
    for (Selector selector : selectors) {
      selector.close();
    }
  }

  /** Some steps are likelier: those of a server that drops and takes up its interest. */
  private String step(int i, WalkConnection connection) throws Exception {
    int which = random.nextInt(100);
    if (which < 20) {
      return connection.send();
    } else if (which < 45) {
      return connection.read();
    } else if (which < 75) {
      return drop(connection);
    } else if (which < 80) {
      return connection.interest(pick(), random.nextInt(4));
    } else if (which < 84) {
      return connection.register(pick());
    } else if (which < 88) {
      return cancel(connection);
    } else if (which < 91) {
      return readBlocking(connection);
    } else if (which < 93) {
      return connection.readElsewhere();
    } else if (which < 95) {
      return connection.end();
    } else if (which < 96) {
      return connection.reset();
    }
    connection.close();
    connections.set(i, new WalkConnection(random));
    return "close";
  }

  private Selector pick() {
    return selectors[random.nextInt(8) == 0 ? 1 : 0];
  }

  private String drop(WalkConnection connection) throws IOException {
    SelectionKey key = connection.channel().keyFor(selectors[0]);
    if (key == null) {
      return connection.register(selectors[0]);
    }
    key.interestOps(key.interestOps() == 0 ? SelectionKey.OP_READ : 0);
    return "interest " + key.interestOps();
  }

  private String cancel(WalkConnection connection) throws IOException {
    for (Selector selector : selectors) {
      SelectionKey key = connection.channel().keyFor(selector);
      if (key != null) {
        key.cancel();
        selector.selectNow();
        selector.selectedKeys().clear();
      }
    }
    return "cancel";
  }

  private String readBlocking(WalkConnection connection) throws IOException {
    cancel(connection);
    return connection.readBlocking();
  }

  private void check(Selector selector, String where) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      Set<Object> expected = new HashSet<>();
      for (SelectionKey key : selector.keys()) {
        if (key.isValid() && ((WalkConnection) key.attachment()).expects(key)) {
          expected.add(key);
        }
      }
      Set<Object> ready = new HashSet<>();
      if (expected.isEmpty() || random.nextBoolean()) {
        selector.selectNow(ready::add);
      } else {
        selector.select(ready::add, PATIENCE_NANOS / 1_000_000);
      }
      if (ready.equals(expected)) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(where + ": ready " + ready + ", expected " + expected);
      }
    }
  }
}
