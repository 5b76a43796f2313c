package onequeue.it.programs;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;

/** Reads its standard input, a pipe, and asks for each line of it with a {@code ?} of its own. */
public final class PipesInput {
  private PipesInput() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    InputStream in = System.in;
    byte[] some = new byte[100];
    System.out.println("?");
    System.out.println("read " + new String(some, 0, in.read(some)).strip());
    TransparencyWatch reader = TransparencyWatch.start(() -> new String(some, 0, in.read(some)));
    System.out.println("reader " + reader.blocked());
    reader.thread().interrupt();
    System.out.println("?");
    System.out.println("read " + reader.end().strip());
    FileInputStream raw = new FileInputStream(FileDescriptor.in);
    TransparencyWatch last = TransparencyWatch.start(() -> new String(some, 0, raw.read(some)));
    System.out.println("raw " + last.blocked());
    raw.close(); // 0 is another file's now
    System.out.println("closed " + last.blocked());
    System.out.println("?");
    System.out.println("read " + last.end().strip());
    System.out.println("again " + TransparencyWatch.outcome(in::read));
  }
}
