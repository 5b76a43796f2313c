package onequeue.it.programs;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** One connection of {@link StormConnections}; all it does follows from the seed and its number. */
final class StormClient implements Callable<StormClient> {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int MOST_FRAMES = 6;
  private static final int LARGEST_FRAME = 8_000;

  /** How it behaves; the first four send cleanly and wait for what they are owed. */
  enum Manner {
    POLITE,
    PIECEMEAL,
    ONE_BY_ONE,
    CUT,
    LEAVES,
    SILENT,
    RESETS,
    RESETS_LATE;

    boolean waits() {
      return ordinal() <= CUT.ordinal();
    }
  }

  private final int port;
  private final SplittableRandom random;
  private final Manner manner;
  private final List<byte[]> frames = new ArrayList<>();
  private int answered;

  StormClient(int port, long seed, int number) {
    this.port = port;
    random = new SplittableRandom(seed ^ number * 0x9E3779B97F4A7C15L);
    manner = Manner.values()[random.nextInt(Manner.values().length)];
    int count = 1 + random.nextInt(MOST_FRAMES);
    for (int i = 0; i < count; i++) {
      byte[] frame = new byte[1 + random.nextInt(LARGEST_FRAME)];
      random.nextBytes(frame);
      frames.add(frame);
    }
  }

  static byte[] framed(byte[] frame) {
    return ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array();
  }

  Manner manner() {
    return manner;
  }

  /** How many answers it is owed. */
  int asked() {
    return manner.waits() ? frames.size() : 0;
  }

  int answered() {
    return answered;
  }

  @Override
  public StormClient call() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      switch (manner) {
        case POLITE -> send(socket, all());
        case PIECEMEAL -> sendPieces(socket, all());
        case ONE_BY_ONE -> askOneByOne(socket);
        case CUT -> {
          send(socket, all());
          send(socket, part(framed(new byte[LARGEST_FRAME])));
        }
        case LEAVES -> send(socket, part(all()));
        case SILENT -> {}
        case RESETS -> {
          send(socket, part(all()));
          socket.setSoLinger(true, 0);
        }
        case RESETS_LATE -> {
          send(socket, all());
          socket.getInputStream().read(new byte[1 + random.nextInt(LARGEST_FRAME)]);
          socket.setSoLinger(true, 0);
        }
      }
      if (manner.waits()) {
        socket.shutdownOutput();
        receive(new DataInputStream(socket.getInputStream()));
      }
    } catch (IOException e) {
      System.out.println(manner + ": " + e);
    }
    return this;
  }

  private byte[] all() {
    ByteBuffer all = ByteBuffer.allocate(frames.stream().mapToInt(f -> 4 + f.length).sum());
    frames.forEach(frame -> all.put(framed(frame)));
    return all.array();
  }

  private byte[] part(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private void sendPieces(Socket socket, byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(LARGEST_FRAME / 2));
      out.write(bytes, at, length);
      at += length;
      Thread.yield();
    }
  }

  private void askOneByOne(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (byte[] frame : frames) {
      send(socket, framed(frame));
      count(in, frame);
    }
  }

  /** What is left to come, then the end and nothing more. */
  private void receive(DataInputStream in) throws IOException {
    for (byte[] frame : frames.subList(answered, frames.size())) {
      count(in, frame);
    }
    if (in.read() >= 0) {
      throw new IOException("more than was asked for");
    }
  }

  private void count(DataInputStream in, byte[] frame) throws IOException {
    byte[] answer = new byte[in.readInt()];
    in.readFully(answer);
    if (!Arrays.equals(answer, frame)) {
      throw new EOFException("another answer");
    }
    answered++;
  }
}
