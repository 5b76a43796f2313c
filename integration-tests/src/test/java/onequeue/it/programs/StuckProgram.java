package onequeue.it.programs;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;

/**
 * Threads that block where no carrier can be taken from them, and two more that have to go on all
 * the same. Arguments: {@code threads} or {@code virtual}; {@code open} or {@code lock}; a FIFO to
 * open or a file to lock, which another process holds back; how many threads.
 *
 * <p>Ends when standard input is closed. Virtual threads by reflection, for Java 17.
 */
public final class StuckProgram {
  private static final int MEETINGS = 100;

  private StuckProgram() {}

  /** Blocks until another process lets go. */
  private interface Blocker {
    void block(int number) throws IOException;
  }

  public static void main(String[] args) throws Exception {
    boolean virtual = args[0].equals("virtual");
    Path path = Path.of(args[2]);
    Blocker blocker = args[1].equals("open") ? n -> open(path) : n -> lock(path, n);
    int count = Integer.parseInt(args[3]);
    CountDownLatch all = new CountDownLatch(count);
    List<Thread> blocked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      AdoptionThreads.Body body =
          () -> {
            all.countDown();
            all.await();
            blocker.block(number);
          };
      blocked.add(start(virtual, "blocked " + i, body));
    }
    all.await();
    meet(virtual);
    System.out.println("the others went on");
    for (Thread thread : blocked) {
      thread.join();
    }
    System.out.println("let go");
    System.in.read();
  }

  private static void open(Path fifo) throws IOException {
    new FileInputStream(fifo.toFile()).close();
  }

  private static void lock(Path file, int position) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.lock(position, 1, false).close();
    }
  }

  private static void meet(boolean virtual) throws Exception {
    SynchronousQueue<Integer> queue = new SynchronousQueue<>();
    AdoptionThreads.Body give =
        () -> {
          for (int i = 0; i < MEETINGS; i++) {
            queue.put(i);
          }
        };
    AdoptionThreads.Body take =
        () -> {
          for (int i = 0; i < MEETINGS; i++) {
            queue.take();
          }
        };
    Thread giver = start(virtual, "giver", give);
    start(virtual, "taker", take).join();
    giver.join();
  }

  private static Thread start(boolean virtual, String name, AdoptionThreads.Body body)
      throws ReflectiveOperationException {
    return virtual
        ? VirtualKindProgram.start(name, AdoptionThreads.task(body))
        : AdoptionThreads.start(name, body);
  }
}
