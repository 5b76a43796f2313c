package onequeue.it.programs;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static onequeue.it.programs.FuzzKernel.END;
import static onequeue.it.programs.FuzzKernel.ERROR;
import static onequeue.it.programs.FuzzKernel.HANG_UP;
import static onequeue.it.programs.FuzzKernel.IN;
import static onequeue.it.programs.FuzzKernel.OUT;
import static onequeue.it.programs.FuzzKernel.URGENT;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/** One end of a link. What it does to the other end has arrived there when its method returns. */
final class FuzzEnd extends FuzzChannel {
  /** What links are made of. */
  enum Kind {
    TCP,
    UNIX,
    PIPE,
    DATAGRAM
  }

  /** Neither buffers nor the programs' patience are filled by what is written in small pieces. */
  private static final int UNREAD_MOST = 6 * 1024;

  private static final long ERROR_PATIENCE_NANOS = 300_000_000;
  private static final int DATAGRAMS_MOST = 6;
  private static final int FLOOD = 64 * 1024;

  final Kind kind;
  FuzzEnd peer;

  /** Bytes, or datagrams, that nobody has read. */
  int unread;

  boolean closed;

  boolean inputShut;
  boolean outputShut;

  /** There was a reset. */
  boolean broken;

  /** What is written goes through full buffers: how much of it is where is the kernel's affair. */
  boolean flooded;

  /** Has been sent urgent data: the kernel does not tell what is behind it. */
  private boolean urgent;

  /** Is closed with a reset. */
  private boolean abrupt;

  private int written;
  private int read;

  FuzzEnd(Kind kind, String name, SelectableChannel channel) {
    super(name, channel);
    this.kind = kind;
  }

  boolean readable() {
    return channel instanceof ReadableByteChannel;
  }

  boolean writable() {
    return channel instanceof WritableByteChannel;
  }

  @Override
  int ready(int interest) {
    if (interest == 0) {
      return 0;
    }
    int now = FuzzKernel.poll(channel, IN | OUT);
    boolean connected = !(channel instanceof SocketChannel s) || s.isConnected();
    int ops =
        ((now & IN) != 0 && connected ? OP_READ : 0)
            | ((now & OUT) != 0 && connected ? OP_WRITE : 0)
            | ((now & OUT) != 0 && !connected ? OP_CONNECT : 0);
    return (now & (ERROR | HANG_UP)) != 0 ? interest : ops & interest;
  }

  @Override
  int unstable() {
    return peer != null && peer.flooded ? OP_WRITE : 0;
  }

  /** Ends at once when the other end cannot take more. */
  String write(int size, int pieces) throws IOException {
    boolean datagram = kind == Kind.DATAGRAM;
    boolean answeredByReset = kind == Kind.TCP && peer.inputShut && peer.outputShut;
    if (datagram && peer.closed || answeredByReset) {
      return "nobody there";
    }
    if (peer.flooded
        || peer.unread + size > UNREAD_MOST
        || datagram && peer.unread >= DATAGRAMS_MOST) {
      return "full";
    }
    ByteBuffer[] parts = new ByteBuffer[pieces];
    for (int i = 0; i < pieces; i++) {
      parts[i] = bytes(written + i * size / pieces, (i + 1) * size / pieces - i * size / pieces);
    }
    long n =
        pieces == 1
            ? ((WritableByteChannel) channel).write(parts[0])
            : ((GatheringByteChannel) channel).write(parts);
    if (n > 0) {
      written += (int) n;
      peer.unread += datagram ? 1 : (int) n;
    }
    if (n > 0) {
      arrive();
    }
    return "wrote " + n;
  }

  /** To be written as a whole. */
  ByteBuffer next(int size) {
    ByteBuffer next = bytes(written, size);
    written += size;
    peer.unread += size;
    return next;
  }

  private static ByteBuffer bytes(int position, int size) {
    ByteBuffer bytes =
        position % 2 == 0 ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (position + i));
    }
    return bytes.flip();
  }

  /** Waits until the other end has what was sent to it, or this one the answer to that. */
  void arrive() throws IOException {
    if (kind == Kind.DATAGRAM) {
      FuzzKernel.await(() -> (FuzzKernel.poll(peer.channel, IN) & IN) != 0, "a datagram");
    } else if (kind == Kind.TCP && !broken) {
      if (peer.gone()) {
        awaitError();
        peer.broken = true;
      } else if (!peer.broken) {
        peer.awaitData();
      }
    }
  }

  /** Mostly it comes; in some of the last states of a connection the kernel keeps it to itself. */
  private void awaitError() {
    long end = System.nanoTime() + ERROR_PATIENCE_NANOS;
    while ((FuzzKernel.poll(channel, 0) & (ERROR | HANG_UP)) == 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    broken = true;
  }

  private void awaitEnd() throws IOException {
    FuzzKernel.await(
        () -> (FuzzKernel.poll(channel, END) & (END | ERROR | HANG_UP)) != 0, "end at " + name);
  }

  private void awaitData() throws IOException {
    if (flooded || unread == 0) {
      return;
    }
    FuzzKernel.await(
        () ->
            urgent
                ? (FuzzKernel.poll(channel, IN) & IN) != 0
                : FuzzKernel.available(channel) == unread,
        unread + " bytes at " + name);
  }

  /** Reads once; what the kernel may give in parts it reads until it has that much. */
  String read(int size, int pieces) throws IOException {
    ByteBuffer[] parts = new ByteBuffer[pieces];
    for (int i = 0; i < pieces; i++) {
      int part = (i + 1) * size / pieces - i * size / pieces;
      parts[i] = (read + i) % 2 == 0 ? ByteBuffer.allocateDirect(part) : ByteBuffer.allocate(part);
    }
    long n = once(parts);
    boolean inParts = comesInParts() || kind == Kind.DATAGRAM;
    if (inParts && !closed && channel.isOpen() && !broken && !inputShut && size > 0) {
      int wanted = kind == Kind.DATAGRAM ? Math.min(1, unread) : Math.min(size, unread);
      long end = System.nanoTime() + ChannelFuzz.PATIENCE_NANOS;
      while (n >= 0 && n < wanted && System.nanoTime() < end) {
        n += Math.max(0, once(parts));
      }
    }
    return "read " + n + took(n, parts);
  }

  /** One read may give less than there is. */
  boolean comesInParts() {
    return urgent || flooded;
  }

  private long once(ByteBuffer[] parts) throws IOException {
    return parts.length == 1
        ? ((ReadableByteChannel) channel).read(parts[0])
        : ((ScatteringByteChannel) channel).read(parts);
  }

  /** Takes note of what was read: " checksum", and what is wrong with it. */
  String took(long n, ByteBuffer... parts) {
    if (n <= 0) {
      return "";
    }
    int sum = 0;
    int at = read;
    boolean wrong = false;
    for (ByteBuffer part : parts) {
      part.flip();
      while (part.hasRemaining()) {
        byte next = part.get();
        wrong |= next != (byte) at++;
        sum = sum * 31 + next;
      }
    }
    if (kind == Kind.DATAGRAM) {
      unread--;
    } else {
      read += (int) n;
      unread -= (int) n;
      if (wrong) {
        return " WRONG at " + read;
      }
    }
    if (unread == 0) {
      flooded = false;
    }
    return " " + Integer.toHexString(sum);
  }

  /** Fills all there is between the ends. How much that is, is not told. */
  String flood() throws IOException {
    if (kind == Kind.DATAGRAM || outputShut || broken || closed || peer.closed || peer.inputShut) {
      return "no flood";
    }
    int n;
    peer.flooded = true;
    do {
      n = ((WritableByteChannel) channel).write(bytes(written, FLOOD));
      written += n;
      peer.unread += n;
    } while (n > 0 || (FuzzKernel.poll(channel, OUT) & OUT) != 0);
    return "flooded";
  }

  /** Reads all there is, and begins to count anew: else the numbers would tell how much it was. */
  String drain() throws IOException {
    if (!flooded || broken || inputShut || closed) {
      return "no drain";
    }
    boolean wrong = false;
    while (unread > 0) {
      wrong |= read(FLOOD, 1).contains("WRONG");
    }
    read = 0;
    peer.written = 0;
    if (!peer.gone()) {
      FuzzKernel.await(() -> (FuzzKernel.poll(peer.channel, OUT) & OUT) != 0, "room to write");
    }
    if (kind == Kind.TCP && (peer.outputShut || peer.gone())) {
      awaitEnd();
    }
    return wrong ? "drained WRONG" : "drained";
  }

  String urgent() throws IOException {
    if (kind != Kind.TCP || peer.urgent || peer.flooded || peer.closed || broken) {
      return "not urgent";
    }
    ((SocketChannel) channel).socket().sendUrgentData(1);
    peer.urgent = true;
    FuzzKernel.await(
        () -> (FuzzKernel.poll(peer.channel, URGENT) & URGENT) != 0, "urgent at " + peer.name);
    return "urgent";
  }

  String shutdownOutput() throws IOException {
    if (!(channel instanceof SocketChannel socket)) {
      return "no output to end";
    }
    socket.shutdownOutput();
    outputShut = true;
    endArrives();
    return "output ended";
  }

  String shutdownInput() throws IOException {
    if (!(channel instanceof SocketChannel socket) || flooded) {
      return "no input to end";
    }
    socket.shutdownInput();
    inputShut = true;
    return "input ended";
  }

  private void endArrives() throws IOException {
    if (kind == Kind.TCP && !peer.gone() && !peer.broken && !peer.flooded) {
      peer.awaitEnd();
    }
  }

  /** With a reset, or as it comes: with unread data that is one too. */
  String close(boolean reset) throws IOException {
    if (closed) {
      channel.close();
      return "closed twice";
    }
    String drained = peer.flooded && !peer.closed ? peer.drain() + ", " : "";
    abrupt = kind == Kind.TCP && (reset || urgent || peer.flooded);
    if (abrupt) {
      ((SocketChannel) channel).setOption(StandardSocketOptions.SO_LINGER, 0);
    }
    boolean registered = channel.isRegistered();
    closed = true;
    channel.close();
    if (registered && !abrupt && !outputShut) {
      outputShut = true;
      endArrives();
    }
    goIfLeft();
    return drained + (registered ? "closed, registered" : "closed");
  }

  /** Closed, and in no selector any more: only then the kernel is told. */
  boolean gone() {
    return closed && !channel.isRegistered();
  }

  /** A closed channel goes when it has left its last selector. */
  void goIfLeft() throws IOException {
    if (!gone()) {
      return;
    }
    if (kind != Kind.TCP || peer.gone() || broken || peer.broken) {
      return;
    }
    boolean over = outputShut && (peer.outputShut || peer.gone());
    if ((abrupt || unread > 0) && !over) {
      peer.awaitError();
    } else if (!peer.flooded) {
      peer.awaitEnd();
    }
  }
}
