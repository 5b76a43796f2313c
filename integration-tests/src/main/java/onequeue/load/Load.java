package onequeue.load;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Open connections to a server, and the load on them. All of it is done by the thread that calls;
 * between calls nothing is sent.
 */
public final class Load implements Closeable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long LONGEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int DIGITS = 3;
  private static final int OPENING_AT_ONCE = 40;
  private static final long OPENING_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** How late the end of a phase may be seen. */
  private static final long LOOK_MILLIS = 5;

  private final int port;
  private final LoadPlan plan;
  private final Selector selector = Selector.open();
  private final Consumer<SelectionKey> onReady = this::ready;
  private final List<ByteBuffer> requests;
  private final List<LoadConnection> connections = new ArrayList<>();

  /** Those without a request under way, the one that waited longest first. */
  private final Queue<LoadConnection> idle = new ArrayDeque<>();

  private final Histogram latencies = new Histogram(LONGEST_LATENCY_NANOS, DIGITS);
  private final long nanosBetweenRequests;
  private long dueNanos;
  private int nextRequest;
  private boolean opening = true;
  private long answers;
  private long errors;
  private int failuresInARow;

  /**
   * Opens the connections.
   *
   * @param port of the server on 127.0.0.1
   * @param plan how many connections, how fast, what to ask for
   * @throws IOException when the server cannot be reached or does not answer
   */
  public Load(int port, LoadPlan plan) throws IOException {
    this.port = port;
    this.plan = plan;
    requests = plan.paths().stream().map(Load::request).toList();
    nanosBetweenRequests = plan.rate() == 0 ? 0 : (long) (1e9 / plan.rate());
    try {
      openAll();
    } catch (IOException failure) {
      close();
      throw failure;
    }
    dueNanos = System.nanoTime();
  }

  /**
   * Asks one question on each. A connection that has its answer was accepted: so never more of them
   * wait for that than go into the queue of a listener, whose length is 50 in Java.
   */
  private void openAll() throws IOException {
    LoadConnection.Inbox inbox = new LoadConnection.Inbox();
    long end = System.nanoTime() + OPENING_NANOS;
    while (idle.size() < plan.connections()) {
      int withoutAnswer = connections.size() - idle.size();
      if (connections.size() < plan.connections() && withoutAnswer < OPENING_AT_ONCE) {
        LoadConnection connection = new LoadConnection(port, selector, inbox);
        connections.add(connection);
        connection.open();
        ask(connection, System.nanoTime());
      } else {
        selector.select(onReady, LOOK_MILLIS);
      }
      requireServer();
      if (System.nanoTime() >= end) {
        throw new IOException(withoutAnswer + " connections got no answer");
      }
    }
    opening = false;
  }

  private static ByteBuffer request(String path) {
    byte[] request =
        ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(request.length).put(request).flip();
  }

  /**
   * Loads as long as the plan says before anything is measured.
   *
   * @throws IOException when the server is gone
   */
  public void warmUp() throws IOException {
    long end = System.nanoTime() + (long) (plan.warmupSeconds() * 1e9);
    loadUntil(() -> System.nanoTime() >= end);
  }

  /**
   * Loads as long as the plan says and measures.
   *
   * @return what was seen
   * @throws IOException when the server is gone
   */
  public LoadResult measure() throws IOException {
    latencies.reset();
    long answersBefore = answers;
    long errorsBefore = errors;
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long end = start + (long) (plan.seconds() * 1e9);
    loadUntil(() -> System.nanoTime() >= end);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new LoadResult(
        answers - answersBefore,
        errors - errorsBefore,
        seconds,
        THREADS.getCurrentThreadCpuTime() - cpuStart,
        latencies.copy());
  }

  /**
   * Loads until something has happened.
   *
   * @param done asked often, so it must be quick
   * @throws IOException when the server is gone
   */
  public void loadUntil(BooleanSupplier done) throws IOException {
    while (!done.getAsBoolean()) {
      if (nanosBetweenRequests == 0) {
        askOnAll();
        selector.select(onReady, LOOK_MILLIS);
      } else {
        // Spins: a timeout of a selector is in whole milliseconds, and waking up takes its time.
        askWhatIsDue();
        selector.selectNow(onReady);
      }
      requireServer();
    }
  }

  private void requireServer() throws ConnectException {
    if (failuresInARow > 10 + connections.size()) {
      throw new ConnectException("the server on port " + port + " is gone");
    }
  }

  private void askOnAll() {
    for (int left = idle.size(); left > 0; left--) {
      ask(idle.poll(), System.nanoTime());
    }
  }

  /** What finds no connection waits, and its latency counts from when it was due. */
  private void askWhatIsDue() {
    while (dueNanos <= System.nanoTime() && !idle.isEmpty()) {
      ask(idle.poll(), dueNanos);
      dueNanos += nanosBetweenRequests;
    }
  }

  private void ask(LoadConnection connection, long nowNanos) {
    try {
      connection.ask(requests.get(nextRequest), nowNanos);
      nextRequest = nextRequest + 1 == requests.size() ? 0 : nextRequest + 1;
    } catch (IOException failure) {
      failed(connection);
    }
  }

  private void ready(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      int status = connection.receive();
      if (status == 0) {
        return;
      }
      long now = System.nanoTime();
      if (status == 200) {
        answers++;
        latencies.recordValue(Math.min(now - connection.askedAtNanos(), LONGEST_LATENCY_NANOS));
      } else {
        errors++;
      }
      failuresInARow = 0;
      next(connection, now);
    } catch (IOException failure) {
      failed(connection);
    }
  }

  /** At a fixed rate it has to wait for its turn; else it asks at once. */
  private void next(LoadConnection connection, long nowNanos) {
    if (nanosBetweenRequests == 0 && !opening) {
      ask(connection, nowNanos);
    } else {
      idle.add(connection);
    }
  }

  private void failed(LoadConnection connection) {
    boolean wasAsked = connection.isAsked();
    failuresInARow++;
    try {
      connection.reopen();
      if (wasAsked) {
        errors++;
        idle.add(connection);
      }
    } catch (IOException failure) {
      errors++;
      // The others go on. When all have failed the run ends, see requireServer.
      failuresInARow++;
    }
  }

  /**
   * Good answers since the connections were opened.
   *
   * @return how many, whether or not they were measured
   */
  public long answers() {
    return answers;
  }

  /**
   * Answers with another status and connections that failed, since the connections were opened.
   *
   * @return how many, whether or not they were measured
   */
  public long errors() {
    return errors;
  }

  /** Closes the connections. */
  @Override
  public void close() throws IOException {
    connections.forEach(LoadConnection::close);
    selector.close();
  }
}
