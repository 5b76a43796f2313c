package onequeue.it.programs;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * More threads than there are processors sit where nobody can take their kernel thread from them,
 * while others must go on being served. Then all are let go.
 */
public final class StormBlockers {
  private static final int THREADS = 8 * Runtime.getRuntime().availableProcessors();
  private static final int QUESTIONS = 50;
  private static final int PATIENCE_MILLIS = 30_000;

  private static final AtomicInteger TICKS = new AtomicInteger();

  private StormBlockers() {}

  /**
   * @param args the seed
   */
  public static void main(String[] args) throws Exception {
    System.out.println("seed " + args[0]);
    Path directory = Files.createTempDirectory("storm");
    ServerSocket echo = new ServerSocket(0, 99, InetAddress.getLoopbackAddress());
    Thread server = AdoptionThreads.start("echo", () -> serve(echo));
    Thread clock = new Thread(AdoptionThreads.task(StormBlockers::tick), "clock");
    clock.setDaemon(true);
    clock.start();
    for (Blocker blocker : all(directory, () -> InitialisedAlone.use())) {
      storm(List.of(blocker), echo.getLocalPort());
    }
    List<Blocker> mixed = all(directory, () -> InitialisedAmongOthers.use());
    Collections.shuffle(mixed, new Random(Long.parseLong(args[0])));
    System.out.println("all at once");
    storm(mixed, echo.getLocalPort());
    echo.close();
    server.join();
    try (var left = Files.list(directory)) {
      left.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  /** A way to block, and to end it; {@code block} is called by many threads. */
  private interface Blocker {
    void block(int number) throws Exception;

    void release() throws Exception;
  }

  private static List<Blocker> all(Path directory, Runnable use) throws Exception {
    return new ArrayList<>(
        List.of(
            new NamedPipes(directory, THREADS),
            new FileLocks(directory),
            new StandardInput(),
            new Computation(),
            new Initialisation(use),
            new Monitors(directory)));
  }

  private static void storm(List<Blocker> blockers, int port) throws Exception {
    Socket old = connect(port);
    if (!answered(old, 0)) {
      throw new IOException("no answer before it begins");
    }
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      for (Blocker blocker : blockers) {
        int number = i;
        threads.add(
            AdoptionThreads.start(
                "blocked",
                () -> {
                  begun.incrementAndGet();
                  blocker.block(number);
                  ended.incrementAndGet();
                }));
      }
    }
    AdoptionThreads.run("probe", () -> probe(old, port));
    AdoptionThreads.until("all have begun", () -> begun.get() == threads.size());
    AdoptionThreads.run("probe", () -> probe(old, port));
    old.close();
    String early = ended.get() == 0 ? "" : ", ended early " + ended;
    for (Blocker blocker : blockers) {
      blocker.release();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    boolean complete = ended.get() == threads.size();
    String names = blockers.size() > 1 ? "" : blockers.get(0).getClass().getSimpleName() + ": ";
    System.out.println(names + "all begun, all ended " + complete + early);
  }

  /** Asks over a connection that was there before, then over new ones; and sleeps in between. */
  private static void probe(Socket old, int port) throws Exception {
    int answered = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      answered += answered(old, i) ? 1 : 0;
    }
    int ticks = TICKS.get();
    for (int i = 0; i < QUESTIONS / 10; i++) {
      Thread.sleep(1);
      try (Socket socket = connect(port)) {
        answered += answered(socket, i) ? 1 : 0;
      }
    }
    AdoptionThreads.until("the clock goes on", () -> TICKS.get() > ticks + QUESTIONS / 10);
    System.out.println("answered " + answered);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static boolean answered(Socket socket, int question) throws IOException {
    socket.getOutputStream().write(question);
    return socket.getInputStream().read() == question;
  }

  private static void tick() throws InterruptedException {
    while (true) {
      Thread.sleep(1);
      TICKS.incrementAndGet();
    }
  }

  private static void serve(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        AdoptionThreads.start("echoes", () -> echo(socket));
      }
    } catch (IOException e) {
      System.out.println("server: " + e.getMessage());
    }
  }

  private static void echo(Socket socket) throws IOException {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    }
  }

  /** To open one for reading waits until somebody opens it for writing. */
  private static final class NamedPipes implements Blocker {
    private final List<Path> pipes = new ArrayList<>();

    NamedPipes(Path directory, int count) throws Exception {
      List<String> command = new ArrayList<>(List.of("mkfifo"));
      for (int i = 0; i < count; i++) {
        pipes.add(directory.resolve("pipe-" + System.nanoTime() + "-" + i));
        command.add(pipes.get(i).toString());
      }
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException("mkfifo");
      }
    }

    @Override
    public void block(int number) throws IOException {
      try (FileInputStream in = new FileInputStream(pipes.get(number).toFile())) {
        if (in.read() != 'x') {
          throw new IOException("not what was written");
        }
      }
    }

    @Override
    public void release() throws IOException {
      for (Path pipe : pipes) {
        try (OutputStream out = new FileOutputStream(pipe.toFile())) {
          out.write('x');
        }
      }
    }
  }

  /** Each thread wants a byte of the file; another process has all of them. */
  private static final class FileLocks implements Blocker {
    private final FileChannel channel;
    private final Process other;

    FileLocks(Path directory) throws Exception {
      Path file = Files.createTempFile(directory, "locked", "");
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      other = AdoptionFiles.holder(file);
    }

    @Override
    public void block(int number) throws IOException {
      channel.lock(number, 1, false).release();
    }

    @Override
    public void release() throws Exception {
      other.getOutputStream().close();
      other.waitFor();
    }
  }

  /** A pipe, to which a writer is got by way of its descriptor. */
  private static final class StandardInput implements Blocker {
    private final OutputStream writer;

    StandardInput() throws IOException {
      writer = new FileOutputStream("/proc/self/fd/0");
    }

    @Override
    public void block(int number) throws IOException {
      // Not closed: the descriptor is the program's.
      if (new FileInputStream(FileDescriptor.in).read() != 'x') {
        throw new IOException("not what was written");
      }
    }

    @Override
    public void release() throws IOException {
      writer.write("x".repeat(THREADS).getBytes());
    }
  }

  private static final class Computation implements Blocker {
    private volatile boolean over;

    @Override
    public void block(int number) {
      while (!over) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void release() {
      over = true;
    }
  }

  /** One thread is in a class's initialiser, the others wait for it in the VM. */
  private record Initialisation(Runnable use) implements Blocker {
    private static volatile CountDownLatch over;

    Initialisation {
      over = new CountDownLatch(1);
    }

    /** By the initialiser. */
    static void await() {
      try {
        over.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void block(int number) {
      use.run();
    }

    @Override
    public void release() {
      over.countDown();
    }
  }

  /** A class is initialised only once, so there is one for each storm. */
  private static final class InitialisedAlone {
    static {
      Initialisation.await();
    }

    static void use() {}
  }

  private static final class InitialisedAmongOthers {
    static {
      Initialisation.await();
    }

    static void use() {}
  }

  /** A thread that holds a monitor is in the kernel, the others want the monitor. */
  private static final class Monitors implements Blocker {
    private final NamedPipes pipes;
    private boolean released;

    Monitors(Path directory) throws Exception {
      pipes = new NamedPipes(directory, 1);
    }

    @Override
    public synchronized void block(int number) throws IOException {
      if (!released) {
        pipes.block(0);
        released = true;
      }
    }

    @Override
    public void release() throws IOException {
      pipes.release();
    }
  }
}
