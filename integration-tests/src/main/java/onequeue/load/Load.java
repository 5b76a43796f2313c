package onequeue.load;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One run of the load, driven by the calling thread from beginning to end. */
public final class Load {
  /** For callers that do not care when the measured window begins and ends. */
  public static final Window NO_WINDOW =
      new Window() {
        @Override
        public void begins() {}

        @Override
        public void ends() {}
      };

  /** Told at the edges of the measured window, in the loading thread while no time is counted. */
  public interface Window {
    /**
     * The warm-up is over.
     *
     * @throws IOException ends the run
     */
    void begins() throws IOException;

    /**
     * The last counted answer is in; connections are still open.
     *
     * @throws IOException ends the run
     */
    void ends() throws IOException;
  }

  private static final long LONGEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int DIGITS = 3;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final LoadPlan plan;
  private final List<LoadConnection> connections = new ArrayList<>();
  private final Histogram latencies = new Histogram(LONGEST_LATENCY_NANOS, DIGITS);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long requests;
  private long errors;
  private int failuresInARow;

  private Load(LoadPlan plan) {
    this.plan = plan;
  }

  /**
   * Opens the connections, loads for the warm-up and the measured window, and closes them.
   *
   * @param plan what to do
   * @param window told when the measured window begins and ends
   * @return what was seen in the window
   * @throws IOException when the server cannot be reached, at the start or later for good
   */
  public static LoadResult run(LoadPlan plan, Window window) throws IOException {
    return new Load(plan).run(window);
  }

  private LoadResult run(Window window) throws IOException {
    try (Selector selector = Selector.open()) {
      List<ByteBuffer> wireRequests =
          plan.paths().stream().map(LoadConnection::wireRequest).toList();
      for (int i = 0; i < plan.connections(); i++) {
        LoadConnection connection = new LoadConnection(plan.port(), selector, wireRequests, i);
        connections.add(connection);
        connection.open();
      }
      loadFor(selector, plan.warmupSeconds());
      window.begins();
      latencies.reset();
      requests = 0;
      errors = 0;
      long start = System.nanoTime();
      loadFor(selector, plan.seconds());
      double seconds = (System.nanoTime() - start) / 1e9;
      window.ends();
      return new LoadResult(requests, errors, seconds, latencies);
    } finally {
      connections.forEach(LoadConnection::close);
    }
  }

  private void loadFor(Selector selector, double seconds) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(left) + 1);
      if (failuresInARow > 10 + plan.connections()) {
        throw new ConnectException("the server on port " + plan.port() + " is gone");
      }
    }
  }

  private void ready(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      int status = connection.receive(buffer);
      if (status == 0) {
        return;
      }
      long now = System.nanoTime();
      if (status == 200) {
        requests++;
        latencies.recordValue(Math.min(now - connection.sentAtNanos(), LONGEST_LATENCY_NANOS));
      } else {
        errors++;
      }
      failuresInARow = 0;
      connection.send(now);
    } catch (IOException failure) {
      errors++;
      failuresInARow++;
      reopen(connection);
    }
  }

  private void reopen(LoadConnection connection) {
    connection.close();
    try {
      connection.open();
    } catch (IOException failure) {
      // The others go on. When all have failed the run ends, see loadFor.
      failuresInARow++;
    }
  }
}
