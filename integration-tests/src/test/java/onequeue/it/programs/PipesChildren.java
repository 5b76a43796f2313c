package onequeue.it.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Talks to children through their standard streams: prints what each call gave. */
public final class PipesChildren {
  private static final int MUCH = 8 << 20;
  private static final int ROUNDS = 500;

  private PipesChildren() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    echo();
    waits();
    muchBothWays();
    fullPipe();
    closedWhileReading();
    brokenPipes();
  }

  /** The child answers when it was asked: nobody waits for a clock. */
  private static void echo() throws Exception {
    Process cat = ProcessExits.cat();
    OutputStream to = cat.getOutputStream();
    InputStream from = cat.getInputStream();
    for (int i = 0; i < ROUNDS; i++) {
      to.write(i);
      to.flush();
      if (from.read() != (i & 0xff)) {
        System.out.println("WRONG ANSWER " + i);
      }
    }
    for (int size : new int[] {2, 4096, 4097, 8192, 8193, 60_000}) {
      byte[] said = pattern(size);
      to.write(said);
      to.flush();
      System.out.println("echo of " + size + " " + sum(from.readNBytes(size)) + " " + sum(said));
    }
    to.close();
    System.out.println("end " + from.read() + " " + cat.waitFor() + " " + from.read());
  }

  /** A thread that waits looks as it does without us, and minds no interrupt. */
  private static void waits() throws Exception {
    Process child = ProcessExits.sh("read line; echo $line; read line; echo $line >&2; read line");
    OutputStream to = child.getOutputStream();
    for (InputStream from : new InputStream[] {child.getInputStream(), child.getErrorStream()}) {
      TransparencyWatch reader = TransparencyWatch.start(() -> from.read(new byte[100], 3, 90));
      System.out.println("reader " + reader.blocked());
      System.out.println("in " + reader.thread().getStackTrace()[0].getClassName());
      reader.thread().interrupt();
      System.out.println("interrupted " + reader.blocked());
      to.write("a line\n".getBytes());
      to.flush();
      System.out.println("read " + reader.end());
    }
    TransparencyWatch atTheEnd = TransparencyWatch.start(child.getErrorStream()::read);
    atTheEnd.blocked();
    to.close();
    System.out.println("the end " + atTheEnd.end() + " " + child.waitFor());
  }

  private static void muchBothWays() throws Exception {
    byte[] much = pattern(MUCH);
    Process cat = ProcessExits.cat();
    TransparencyWatch writer =
        TransparencyWatch.start(
            () -> {
              try (OutputStream to = cat.getOutputStream()) {
                to.write(much, 0, MUCH - 5);
                to.write(much, MUCH - 5, 5);
              }
              return "all";
            });
    writer.blocked(); // both pipes are full
    byte[] back = cat.getInputStream().readAllBytes();
    System.out.println("much " + writer.end() + " " + (sum(back) == sum(much)) + " " + back.length);
  }

  /** The child does not read before it is told. */
  private static void fullPipe() throws Exception {
    Path fifo = PipesFifos.fifo("full");
    Process wc = new ProcessBuilder("sh", "-c", "read word < $0; wc -c", fifo.toString()).start();
    TransparencyWatch writer =
        TransparencyWatch.start(
            () -> {
              try (OutputStream to = wc.getOutputStream()) {
                to.write(new byte[1_000_000]);
              }
              return "written";
            });
    System.out.println("writer " + writer.blocked());
    writer.thread().interrupt();
    System.out.println("interrupted " + writer.blocked());
    Files.writeString(fifo, "go\n");
    System.out.println(writer.end() + " " + new String(wc.getInputStream().readAllBytes()).strip());
    PipesFifos.delete(fifo);
  }

  private static void closedWhileReading() throws Exception {
    Process child = ProcessExits.sh("read line; echo $line; read line");
    InputStream from = child.getInputStream();
    TransparencyWatch reader = TransparencyWatch.start(from::read);
    reader.blocked();
    from.close();
    System.out.println("closed " + reader.blocked());
    child.getOutputStream().write("late\n".getBytes());
    child.getOutputStream().flush();
    System.out.println("then " + reader.end());
    System.out.println("again " + TransparencyWatch.outcome(from::read));
    child.getOutputStream().close();
    child.waitFor();
  }

  private static void brokenPipes() throws Exception {
    Process deaf = ProcessExits.sh("exec <&-; echo closed; read line < /dev/null; sleep 1000");
    String said = new String(deaf.getInputStream().readNBytes(7)).strip();
    OutputStream to = deaf.getOutputStream();
    System.out.println(said + " " + TransparencyWatch.outcome(() -> write(to, 1)));
    System.out.println("much " + TransparencyWatch.outcome(() -> write(to, 100_000)));
    deaf.destroy();
    Process dies = ProcessExits.sh("read line; exit 1");
    TransparencyWatch writer =
        TransparencyWatch.start(() -> write(dies.getOutputStream(), 1_000_000));
    writer.blocked();
    dies.destroyForcibly();
    System.out.println("the reader dies " + writer.end() + " " + dies.waitFor());
  }

  private static String write(OutputStream to, int count) throws IOException {
    to.write(new byte[count]);
    to.flush();
    return "written";
  }

  static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 >>> 5);
    }
    return bytes;
  }

  static long sum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }
}
