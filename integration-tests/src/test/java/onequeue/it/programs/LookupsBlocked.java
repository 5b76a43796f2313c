package onequeue.it.programs;

import java.io.FileOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Threads that look up a name each, which does not end: the C library first reads a file of aliases
 * that the environment variable HOSTALIASES names, and here that is a FIFO. Others sleep and write
 * a file meanwhile. Prints when all of them wait. Then, at the end of the standard input, lets them
 * go on, or ends at once if the second argument is {@code halt}: what follows would ask a server.
 */
public final class LookupsBlocked {
  private static final int TURNS = 200;

  private LookupsBlocked() {}

  /**
   * @param args how many threads; {@code halt} or {@code release}
   */
  public static void main(String[] args) throws Exception {
    makeFifo();
    int count = Integer.parseInt(args[0]);
    List<FilesThreads> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String host = "blocked" + i;
      threads.add(FilesThreads.start(() -> InetAddress.getByName(host)));
    }
    for (FilesThreads thread : threads) {
      FilesThreads.until("a thread in a lookup", () -> looksUp(thread.thread()));
    }
    System.out.println("turns " + FilesThreads.start(LookupsBlocked::turns).end());
    System.out.println("written " + FilesThreads.start(LookupsBlocked::write).end());
    System.out.println("waiting");
    System.in.read();
    if (args[1].equals("halt")) {
      Runtime.getRuntime().halt(0);
    }
    release();
    for (FilesThreads thread : threads) {
      System.out.println(thread.end());
    }
  }

  static void makeFifo() throws Exception {
    String fifo = System.getenv("HOSTALIASES");
    if (new ProcessBuilder("mkfifo", fifo).start().waitFor() != 0) {
      throw new IllegalStateException("no FIFO at " + fifo);
    }
  }

  /** Who opens the FIFO to read is let go on, and finds no alias; the next one finds a file. */
  static void release() throws Exception {
    Path fifo = Path.of(System.getenv("HOSTALIASES"));
    FileOutputStream writer = new FileOutputStream(fifo.toFile());
    Files.delete(fifo);
    Files.createFile(fifo);
    writer.close();
  }

  private static boolean looksUp(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().matches("lookupByName|lookupAllHostAddr"));
  }

  /** Long enough for a carrier that does not come back to be noticed. */
  private static int turns() throws Exception {
    for (int i = 0; i < TURNS; i++) {
      Thread.sleep(1);
    }
    return TURNS;
  }

  private static int write() throws Exception {
    Path file = Files.createTempFile("lookups", ".bin");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int n = channel.write(ByteBuffer.allocate(4096));
      channel.force(true);
      return n;
    } finally {
      Files.delete(file);
    }
  }
}
