package onequeue.it.programs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waves of clients, each with manners of its own, good or bad, against a server with a thread per
 * connection. What was asked in full before a clean half-close has to be answered.
 */
public final class StormConnections {
  private static final int WAVE = 500;

  private static final int LONG_TIMEOUT_MILLIS = 60_000;

  private final AtomicInteger handlers = new AtomicInteger();
  private final ExecutorService pool = Executors.newCachedThreadPool();

  private StormConnections() {}

  /**
   * @param args the seed, and the number of connections
   */
  public static void main(String[] args) throws Exception {
    System.out.println("seed " + args[0]);
    new StormConnections().run(Long.parseLong(args[0]), Integer.parseInt(args[1]));
  }

  private void run(long seed, int connections) throws Exception {
    ServerSocket server = new ServerSocket(0, 2 * WAVE, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(() -> accept(server), "acceptor");
    acceptor.start();
    Map<StormClient.Manner, int[]> counts = new EnumMap<>(StormClient.Manner.class);
    ExecutorService threads = Executors.newFixedThreadPool(WAVE);
    for (int first = 0; first < connections; first += WAVE) {
      List<Callable<StormClient>> wave = new ArrayList<>();
      for (int i = first; i < Math.min(first + WAVE, connections); i++) {
        wave.add(new StormClient(server.getLocalPort(), seed, i));
      }
      for (Future<StormClient> over : threads.invokeAll(wave)) {
        StormClient client = over.get();
        int[] count = counts.computeIfAbsent(client.manner(), manner -> new int[3]);
        count[0]++;
        count[1] += client.asked();
        count[2] += client.answered();
      }
    }
    counts.forEach(
        (manner, count) ->
            System.out.println(
                manner + ": " + count[0] + " asked " + count[1] + " answered " + count[2]));
    threads.shutdown();
    AdoptionThreads.until("all handlers have ended", () -> handlers.get() == 0);
    server.close();
    acceptor.join();
    pool.shutdown();
    System.out.println("handlers left " + handlers);
  }

  private void accept(ServerSocket server) {
    try {
      for (int number = 0; ; number++) {
        Socket socket = server.accept();
        handlers.incrementAndGet();
        if (number % 2 == 0) {
          pool.execute(() -> handle(socket));
        } else {
          new Thread(() -> handle(socket), "handler").start();
        }
      }
    } catch (IOException e) {
      System.out.println("acceptor: " + e.getMessage());
    }
  }

  /** Echoes frames: a length, then that many bytes. */
  private void handle(Socket socket) {
    try (socket) {
      // Reads with a limit wait in another way than those without.
      socket.setSoTimeout(socket.getPort() % 3 == 0 ? LONG_TIMEOUT_MILLIS : 0);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        out.write(StormClient.framed(frame));
      }
    } catch (IOException e) {
      // The end, or what the client left behind instead of one.
    } finally {
      handlers.decrementAndGet();
    }
  }
}
