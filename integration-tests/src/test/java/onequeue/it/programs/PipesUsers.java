package onequeue.it.programs;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many readers or writers of one FIFO, and threads that wait for each other through two. At the end
 * waits until standard input is closed.
 */
public final class PipesUsers {
  private static final int USERS = 8;
  private static final int MANY = 4000;
  private static final int RECORD = 1000;
  private static final int MUCH = 300_000;

  private PipesUsers() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    Path fifo = PipesFifos.fifo("fifo");
    manyReaders(fifo);
    manyWriters(fifo);
    bothWays(fifo);
    pingPong(fifo);
    PipesFifos.delete(fifo);
    System.out.println("done");
    System.in.read();
  }

  /** Each byte is read by one of them, and all see the end. */
  private static void manyReaders(Path fifo) throws Exception {
    FileOutputStream[] out = new FileOutputStream[1];
    TransparencyWatch opener =
        TransparencyWatch.start(() -> out[0] = new FileOutputStream(fifo.toFile()));
    FileInputStream in = new FileInputStream(fifo.toFile());
    opener.end();
    AtomicLong sum = new AtomicLong();
    List<TransparencyWatch> readers = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      boolean one = i % 2 == 0;
      readers.add(TransparencyWatch.start(() -> readToTheEnd(in, one, sum)));
    }
    for (TransparencyWatch reader : readers) {
      reader.blocked();
    }
    long written = 0;
    for (int i = 0; i < MANY; i++) {
      out[0].write(i);
      written += i & 0xff;
    }
    out[0].close();
    for (TransparencyWatch reader : readers) {
      System.out.println("reader " + reader.end());
    }
    System.out.println("read as written " + (sum.get() == written));
    in.close();
  }

  static int readToTheEnd(InputStream in, boolean one, AtomicLong sum) throws IOException {
    byte[] some = new byte[3];
    while (true) {
      int n = one ? in.read() : in.read(some);
      if (n < 0) {
        return n;
      }
      if (one) {
        sum.addAndGet(n);
      }
      for (int i = 0; !one && i < n; i++) {
        sum.addAndGet(some[i] & 0xff);
      }
    }
  }

  /** Records that are small enough stay whole. */
  private static void manyWriters(Path fifo) throws Exception {
    FileInputStream[] in = new FileInputStream[1];
    TransparencyWatch opener =
        TransparencyWatch.start(() -> in[0] = new FileInputStream(fifo.toFile()));
    FileOutputStream out = new FileOutputStream(fifo.toFile());
    opener.end();
    List<TransparencyWatch> writers = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      byte[] own = new byte[RECORD];
      Arrays.fill(own, (byte) (i + 1));
      writers.add(
          TransparencyWatch.start(
              () -> {
                for (int n = 0; n < MANY / USERS; n++) {
                  out.write(own);
                }
                return "all";
              }));
    }
    writers.get(0).blocked();
    int[] counts = new int[USERS + 1];
    DataInputStream records = new DataInputStream(in[0]);
    byte[] record = new byte[RECORD];
    for (int n = 0; n < MANY; n++) {
      records.readFully(record);
      for (byte b : record) {
        if (b != record[0]) {
          System.out.println("TORN");
        }
      }
      counts[record[0]]++;
    }
    for (int i = 0; i < USERS; i++) {
      System.out.println("writer " + writers.get(i).end() + " " + counts[i + 1]);
    }
    out.close();
    System.out.println("end " + in[0].read());
    in[0].close();
  }

  /** A reader and a writer of one descriptor. */
  private static void bothWays(Path fifo) throws Exception {
    try (RandomAccessFile access = new RandomAccessFile(fifo.toFile(), "rw")) {
      TransparencyWatch one = TransparencyWatch.start(access::read);
      System.out.println("reads " + one.blocked());
      access.write(77);
      System.out.println("one " + one.end());
      TransparencyWatch line = TransparencyWatch.start(access::readLine);
      line.blocked();
      access.writeBytes("a line\n");
      System.out.println("line " + line.end());
      TransparencyWatch writer =
          TransparencyWatch.start(
              () -> {
                access.write(new byte[MUCH]);
                return "all";
              });
      writer.blocked();
      access.readFully(new byte[MUCH]);
      System.out.println("much " + writer.end());
    }
  }

  /** Two threads that wait for each other, often. */
  private static void pingPong(Path ping) throws Exception {
    Path pong = PipesFifos.fifo("pong");
    try (RandomAccessFile to = new RandomAccessFile(ping.toFile(), "rw");
        RandomAccessFile from = new RandomAccessFile(pong.toFile(), "rw")) {
      TransparencyWatch other =
          TransparencyWatch.start(
              () -> {
                int last = 0;
                for (int i = 0; i < MANY; i++) {
                  last = to.read();
                  from.write(last + 1);
                }
                return last;
              });
      int right = 0;
      for (int i = 0; i < MANY; i++) {
        to.write(i);
        right += from.read() == (i + 1 & 0xff) ? 1 : 0;
      }
      System.out.println("ping-pong " + right + " " + other.end());
    }
    PipesFifos.delete(pong);
  }
}
