package onequeue.it.programs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** FIFOs under streams, RandomAccessFile and channels: closes, ends, errors, interrupts. */
@SuppressWarnings("try") // to close a stream under its user is what much of this is about
public final class PipesFifos {
  private static final int MUCH = 300_000;

  private PipesFifos() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    Path fifo = fifo("fifo");
    closedWhileReading(fifo);
    closedWhileWriting(fifo);
    ends(fifo);
    wrongCalls(fifo);
    channels(fifo);
    descriptorsAreGone(fifo);
    delete(fifo);
  }

  /** A new one, in the temporary directory. */
  static Path fifo(String name) throws Exception {
    Path fifo = Files.createTempDirectory("pipes").resolve(name);
    if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() != 0) {
      throw new IOException("no FIFO");
    }
    return fifo;
  }

  static void delete(Path fifo) throws IOException {
    Files.delete(fifo);
    Files.delete(fifo.getParent());
  }

  /** Who is inside goes on, with the same file, also when its number is another file's. */
  private static void closedWhileReading(Path fifo) throws Exception {
    for (boolean bytes : new boolean[] {false, true}) {
      try (RandomAccessFile keep = new RandomAccessFile(fifo.toFile(), "rw")) {
        FileInputStream in = new FileInputStream(fifo.toFile());
        TransparencyWatch reader =
            TransparencyWatch.start(bytes ? () -> in.read(new byte[9]) : in::read);
        System.out.println("reads " + reader.blocked());
        in.close();
        System.out.println("closed " + reader.blocked());
        try (FileInputStream other = new FileInputStream("/proc/self/maps")) {
          keep.write(new byte[] {7, 8});
          System.out.println("then " + reader.end() + " " + (other.read() > 0));
        }
        System.out.println("again " + TransparencyWatch.outcome(in::read));
        keep.read(new byte[9], 0, bytes ? 0 : 1);
        RandomAccessFile access = new RandomAccessFile(fifo.toFile(), "rw");
        TransparencyWatch second = TransparencyWatch.start(() -> access.read(new byte[9], 2, 7));
        second.blocked();
        access.close();
        keep.write(new byte[3]);
        System.out.println("random " + second.end());
      }
    }
    FileOutputStream[] out = new FileOutputStream[1];
    TransparencyWatch opener =
        TransparencyWatch.start(() -> out[0] = new FileOutputStream(fifo.toFile()));
    FileInputStream in = new FileInputStream(fifo.toFile());
    opener.end();
    TransparencyWatch reader = TransparencyWatch.start(() -> in.read(new byte[9]));
    reader.blocked();
    in.close();
    out[0].close();
    System.out.println("end after the close " + reader.end());
  }

  private static void closedWhileWriting(Path fifo) throws Exception {
    for (boolean random : new boolean[] {false, true}) {
      RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw");
      FileOutputStream out = new FileOutputStream(fifo.toFile());
      RandomAccessFile access = new RandomAccessFile(fifo.toFile(), "rw");
      byte[] much = PipesChildren.pattern(MUCH);
      TransparencyWatch writer =
          TransparencyWatch.start(
              () -> {
                if (random) {
                  access.write(much);
                } else {
                  out.write(much);
                }
                return "all";
              });
      System.out.println("writes " + writer.blocked());
      out.close();
      access.close();
      byte[] back = new byte[MUCH];
      reader.readFully(back);
      System.out.println(writer.end() + " " + (PipesChildren.sum(back) == PipesChildren.sum(much)));
      System.out.println("again " + TransparencyWatch.outcome(() -> write(out, 1)));
      reader.close();
    }
    FileInputStream[] in = new FileInputStream[1];
    // An adopted thread whose call has written nothing yet asks the stream again, which is closed.
    for (int before : TransparencyWatch.STATES_UNSEEN ? new int[] {0} : new int[] {0, 1 << 16}) {
      TransparencyWatch opener =
          TransparencyWatch.start(() -> in[0] = new FileInputStream(fifo.toFile()));
      FileOutputStream out = new FileOutputStream(fifo.toFile());
      opener.end();
      out.write(new byte[before]);
      TransparencyWatch writer = TransparencyWatch.start(() -> write(out, MUCH));
      writer.blocked();
      out.close();
      in[0].close();
      System.out.println("both ends closed, " + before + " there: " + writer.end());
    }
  }

  private static void ends(Path fifo) throws Exception {
    AtomicLong sum = new AtomicLong();
    for (int i = 0; i < 2; i++) {
      FileInputStream[] in = new FileInputStream[1];
      TransparencyWatch opener =
          TransparencyWatch.start(() -> in[0] = new FileInputStream(fifo.toFile()));
      FileOutputStream out = new FileOutputStream(fifo.toFile());
      opener.end();
      if (i == 0) {
        TransparencyWatch reader =
            TransparencyWatch.start(() -> PipesUsers.readToTheEnd(in[0], false, sum));
        reader.blocked();
        out.write(new byte[5]);
        out.write(6);
        reader.thread().interrupt();
        out.close();
        System.out.println(
            "all " + reader.end() + " " + sum + " " + in[0].read() + in[0].read(new byte[2]));
        in[0].close();
      } else {
        TransparencyWatch writer = TransparencyWatch.start(() -> write(out, MUCH));
        writer.blocked();
        in[0].close();
        System.out.println("nobody reads: " + writer.end());
        System.out.println("one more: " + TransparencyWatch.outcome(() -> write(out, 1)));
        out.close();
      }
    }
  }

  private static void wrongCalls(Path fifo) throws Exception {
    try (RandomAccessFile access = new RandomAccessFile(fifo.toFile(), "rw");
        FileInputStream in = new FileInputStream(fifo.toFile());
        FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      tell("none", () -> in.read(new byte[0]));
      tell("none", () -> in.read(new byte[3], 3, 0));
      tell("bounds", () -> in.read(new byte[3], 2, 2));
      tell("bounds", () -> access.read(new byte[3], -1, 2));
      tell("null", () -> in.read(null, 0, 2));
      tell("null", () -> write(out, -1));
      tell("bounds", () -> writeFrom(out, new byte[3], 1, 3));
      tell("bounds", () -> writeFrom(out, new byte[3], 0, -1));
      tell("nothing", () -> writeFrom(out, new byte[3], 3, 0));
      access.write(new byte[3]);
      tell("available", in::available);
      tell("skip", () -> in.skip(3));
      tell("seek", () -> seek(access));
      tell("read of a writer's end", () -> new FileInputStream(out.getFD()).read());
      tell("write to a reader's end", () -> write(new FileOutputStream(in.getFD()), 1));
      tell("available", in::available);
    }
  }

  private static void channels(Path fifo) throws Exception {
    try (FileChannel keep = FileChannel.open(fifo, READ, WRITE)) {
      FileChannel first = FileChannel.open(fifo, READ, WRITE);
      TransparencyWatch reader = TransparencyWatch.start(() -> first.read(ByteBuffer.allocate(9)));
      System.out.println("channel " + reader.blocked());
      first.close();
      System.out.println("closed: " + reader.end());
      FileChannel second = FileChannel.open(fifo, READ, WRITE);
      TransparencyWatch other = TransparencyWatch.start(() -> second.read(ByteBuffer.allocate(9)));
      other.blocked();
      other.thread().interrupt();
      System.out.println("interrupted: " + other.end() + " " + second.isOpen());
      FileInputStream in = new FileInputStream(fifo.toFile());
      TransparencyWatch third =
          TransparencyWatch.start(() -> in.getChannel().read(ByteBuffer.allocate(9)));
      third.blocked();
      keep.write(ByteBuffer.allocate(4));
      System.out.println("of a stream: " + third.end());
      TransparencyWatch fourth =
          TransparencyWatch.start(() -> in.getChannel().read(ByteBuffer.allocate(9)));
      fourth.blocked();
      in.close();
      System.out.println("of a closed stream: " + fourth.end());
    }
  }

  /** None of this program's or of ours on the FIFO. */
  private static void descriptorsAreGone(Path fifo) throws Exception {
    int left = 0;
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : (Iterable<Path>) all::iterator) {
        try {
          left += Files.readSymbolicLink(link).equals(fifo) ? 1 : 0;
        } catch (IOException gone) {
          // the one that this list is read from
        }
      }
    }
    System.out.println("left " + left);
  }

  private static Object seek(RandomAccessFile access) throws IOException {
    access.seek(3);
    return "sought";
  }

  /** So many bytes; -1 for null. */
  private static String write(FileOutputStream out, int count) throws IOException {
    out.write(count < 0 ? null : new byte[count]);
    return "written";
  }

  private static String writeFrom(FileOutputStream out, byte[] from, int off, int len)
      throws IOException {
    out.write(from, off, len);
    return "written";
  }

  private static void tell(String what, Callable<?> call) {
    System.out.println(what + ": " + TransparencyWatch.outcome(call));
  }
}
