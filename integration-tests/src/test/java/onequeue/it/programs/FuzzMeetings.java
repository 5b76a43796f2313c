package onequeue.it.programs;

import static java.nio.channels.SelectionKey.OP_READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import onequeue.it.programs.FuzzEnd.Kind;

/** Two threads at one selector or channel. What depends on who comes first is not told. */
final class FuzzMeetings {
  private static final int PATIENCE_MS = (int) (ChannelFuzz.PATIENCE_NANOS / 1_000_000);
  private static final int ROUNDS = 8;

  private final SplittableRandom random;
  private final FuzzActors actors;
  private final int other;
  private final int third;

  FuzzMeetings(SplittableRandom random, FuzzActors actors, int me) {
    this.random = random;
    this.actors = actors;
    other = (me + 1) % FuzzActors.COUNT;
    third = (me + 2) % FuzzActors.COUNT;
  }

  String wakeup(FuzzSelector selector) throws Exception {
    selector.selector.selectedKeys().clear();
    FutureTask<?> task = actors.start(other, selector.selector::wakeup);
    boolean inTime = select(selector);
    FuzzActors.join(task);
    selector.selector.selectNow(key -> {}); // takes the wakeup if the select did not
    return "woken by another " + inTime + ", ";
  }

  /** Another does it, and then wakes the selector. */
  String during(FuzzSelector selector, Callable<String> call) throws Exception {
    selector.selector.selectedKeys().clear();
    FutureTask<String> task =
        actors.start(
            other,
            () -> {
              String did = call.call();
              selector.selector.wakeup();
              return did;
            });
    boolean inTime = select(selector);
    String did = FuzzActors.join(task);
    selector.selector.selectNow(key -> {});
    return did + " by another " + inTime + ", ";
  }

  /** The selector itself: a select that has begun may come back as if it had been woken. */
  String close(FuzzSelector selector) throws Exception {
    selector.selector.selectedKeys().clear();
    FutureTask<?> task =
        actors.start(
            other,
            () -> {
              selector.selector.close();
              return null;
            });
    boolean inTime;
    try {
      inTime = select(selector);
    } catch (ClosedSelectorException e) {
      inTime = true;
    }
    FuzzActors.join(task);
    return "by another " + inTime + ", ";
  }

  /** Whether it came back before all patience was gone. */
  private static boolean select(FuzzSelector selector) throws IOException {
    long start = System.nanoTime();
    selector.selector.select(key -> {}, PATIENCE_MS);
    return System.nanoTime() - start < ChannelFuzz.PATIENCE_NANOS;
  }

  String readWhileSelecting(FuzzSelector selector, FuzzEnd end) throws Exception {
    int size = 1 + random.nextInt(100);
    selector.selector.selectedKeys().clear();
    FutureTask<String> task = actors.start(other, () -> outcome(end, size));
    for (int i = 0; i < ROUNDS; i++) {
      selector.selector.selectNow(key -> {});
    }
    return end.name + " by another " + FuzzActors.join(task) + ", ";
  }

  private static String outcome(FuzzEnd end, int size) {
    try {
      return end.read(size, 1);
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  String readBlocking(FuzzEnd end) throws Exception {
    FuzzEnd writer = end.peer;
    if (end.kind == Kind.DATAGRAM
        || end.unread > 0
        || end.closed
        || writer.closed
        || end.inputShut
        || writer.outputShut
        || end.broken) {
      return "nobody reads";
    }
    end.channel.configureBlocking(true);
    ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(64));
    FutureTask<Integer> task =
        actors.start(other, () -> ((ReadableByteChannel) end.channel).read(buffer));
    ByteBuffer bytes = writer.next(1 + random.nextInt(64));
    ((WritableByteChannel) writer.channel).write(bytes);
    int n = FuzzActors.join(task);
    String took = end.took(n, buffer);
    writer.arrive();
    end.channel.configureBlocking(false);
    return end.name + " by another, blocking " + n + took;
  }

  /**
   * As a server does it: the selector's thread drops the interest of what is ready, another one
   * reads it and takes the interest up again.
   */
  String serve(FuzzSelector selector, FuzzEnd end) throws Exception {
    FuzzEnd writer = end.peer;
    SelectionKey key = end.channel.keyFor(selector.selector);
    if (key == null
        || end.kind == Kind.DATAGRAM
        || end.flooded
        || end.closed
        || writer.closed
        || end.inputShut
        || writer.outputShut
        || end.broken
        || writer.broken
        || writer.peer.unread > 1024) {
      return "nobody serves, ";
    }
    int interest = key.interestOps();
    key.interestOps(OP_READ);
    int pieces = 1 + random.nextInt(ROUNDS);
    ByteBuffer[] bytes = new ByteBuffer[pieces];
    for (int i = 0; i < pieces; i++) {
      bytes[i] = writer.next(1 + random.nextInt(48));
    }
    int all = end.unread;
    AtomicInteger left = new AtomicInteger(all);
    selector.selector.selectedKeys().clear();
    FutureTask<?> sends = actors.start(third, () -> send(writer, bytes));
    FutureTask<?> reads = null;
    boolean[] ready = new boolean[1];
    long deadline = System.nanoTime() + ChannelFuzz.PATIENCE_NANOS;
    while (left.get() > 0 && System.nanoTime() < deadline) {
      ready[0] = false;
      selector.selector.select(k -> ready[0] |= k == key, PATIENCE_MS);
      if (ready[0]) {
        key.interestOps(0);
        reads = actors.start(other, () -> takeUp(end, left, key));
      }
    }
    FuzzActors.join(sends);
    if (reads != null) {
      FuzzActors.join(reads);
    }
    selector.selector.selectNow(k -> {});
    key.interestOps(interest);
    return end.name + " served " + all + (left.get() > 0 ? " LOST " + left : "") + ", ";
  }

  private static Void send(FuzzEnd writer, ByteBuffer[] pieces) throws IOException {
    for (ByteBuffer piece : pieces) {
      ((WritableByteChannel) writer.channel).write(piece);
    }
    return null;
  }

  private Void takeUp(FuzzEnd end, AtomicInteger left, SelectionKey key) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(32);
    int n;
    while ((n = ((ReadableByteChannel) end.channel).read(buffer)) > 0) {
      if (end.took(n, buffer).contains("WRONG")) {
        throw new AssertionError("wrong bytes at " + end.name);
      }
      left.addAndGet(-n);
      buffer.clear();
    }
    key.interestOps(OP_READ);
    key.selector().wakeup();
    return null;
  }
}
