package onequeue.it.programs;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Makes many connections, short threads or pipes and prints what the process holds meanwhile. */
public final class LeakProgram {
  private static final int THREADS_AT_A_TIME = 4;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int CHILD_EVERY = 50;
  private static final int LEFT_EVERY = 20;

  private interface Round {
    void run(int number) throws Exception;
  }

  private LeakProgram() {}

  /**
   * @param args {@code connections}, {@code threads} or {@code pipes}, and how many
   */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    Round round =
        switch (args[0]) {
          case "threads" -> threads();
          case "pipes" -> pipes();
          default -> connections();
        };
    // Descriptors and memory once warm, at half time and at the end.
    repeat(round, count / 5);
    report("warm");
    repeat(round, count / 2);
    report("half");
    repeat(round, count / 2);
    report("end");
    System.exit(0);
  }

  private static void repeat(Round round, int count) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread[] drivers = new Thread[THREADS_AT_A_TIME];
    for (int i = 0; i < drivers.length; i++) {
      drivers[i] =
          new Thread(
              () -> {
                try {
                  for (int n = 0; n < count / THREADS_AT_A_TIME; n++) {
                    round.run(n);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      drivers[i].start();
    }
    for (Thread driver : drivers) {
      driver.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  /** The server's side ends first by reset, so that no port stays in TIME_WAIT. */
  private static Round connections() throws IOException {
    ServerSocket server = new ServerSocket(0, 99, java.net.InetAddress.getLoopbackAddress());
    for (int i = 0; i < THREADS_AT_A_TIME; i++) {
      Thread thread = new Thread(() -> serve(server));
      thread.setDaemon(true);
      thread.start();
    }
    return number -> {
      if (number % 2 == 0) {
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        try (client) {
          client.setSoLinger(true, 0);
          client.getOutputStream().write(1);
          client.getInputStream().read();
        }
      } else {
        try (SocketChannel client = SocketChannel.open(server.getLocalSocketAddress())) {
          client.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
          client.write(ByteBuffer.wrap(new byte[1]));
          client.read(ByteBuffer.allocate(1));
        }
      }
    };
  }

  private static void serve(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        int n = socket.getInputStream().read();
        socket.getOutputStream().write(n);
        // The client closes first, by reset: no port of either side stays in TIME_WAIT.
        socket.getInputStream().read();
      } catch (IOException reset) {
        // As it should be.
      }
    }
  }

  /** A thread that parks, sleeps and reads, and is gone. */
  private static Round threads() throws IOException {
    return number -> {
      Thread thread = new Thread(LeakProgram::parkAndSleep);
      thread.start();
      LockSupport.unpark(thread);
      thread.join();
    };
  }

  private static void parkAndSleep() {
    LockSupport.parkNanos(1_000_000);
    LockSupport.parkNanos(50_000);
    try {
      Thread.sleep(0, 50_000);
      Socket[] pair = TransparencyOps.sockets();
      pair[0].setSoLinger(true, 0);
      pair[0].setSoTimeout(1);
      pair[0].getOutputStream().write(1);
      pair[1].getInputStream().read();
      pair[0].close();
      pair[1].close();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A reader that most often waits, on a descriptor that is closed, or left to the collector. */
  private static Round pipes() {
    ThreadLocal<Path> fifos = new ThreadLocal<>();
    return number -> {
      if (number == 0) {
        fifos.set(PipesFifos.fifo("leak"));
        fifos.get().getParent().toFile().deleteOnExit();
        fifos.get().toFile().deleteOnExit();
      }
      File fifo = fifos.get().toFile();
      try (RandomAccessFile end = new RandomAccessFile(fifo, "rw")) {
        FileInputStream in = new FileInputStream(fifo);
        Thread reader = new Thread(() -> readAndClose(in, number));
        reader.start();
        Thread.yield();
        end.write(number);
        reader.join();
      }
      if (number % CHILD_EVERY == 0) {
        Process cat = ProcessExits.cat();
        cat.getOutputStream().write(1);
        cat.getOutputStream().flush();
        cat.getInputStream().read();
        cat.destroy();
        cat.waitFor();
      }
    };
  }

  private static void readAndClose(FileInputStream in, int number) {
    try {
      if (in.read() != (number & 0xff)) {
        throw new IllegalStateException("read what was not written");
      }
      if (number % LEFT_EVERY != 0) {
        in.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void report(String when) throws IOException {
    System.gc();
    long deadline = System.nanoTime() + SETTLE_NANOS;
    int least = descriptors();
    // Ended threads and cleaners take a moment to give theirs back.
    for (int same = 0; same < 50 && System.nanoTime() < deadline; ) {
      LockSupport.parkNanos(1_000_000);
      int now = descriptors();
      same = now < least ? 0 : same + 1;
      least = Math.min(least, now);
    }
    System.out.println(when + " descriptors " + least + " KiB " + memory());
  }

  private static int descriptors() {
    return new File("/proc/self/fd").list().length;
  }

  private static long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no RssAnon");
  }
}
