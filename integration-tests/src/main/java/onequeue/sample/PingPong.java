package onequeue.sample;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Two threads that hand a turn to and fro, by {@link LockSupport} or through two queues.
 *
 * <p>Prints a line per repetition, {@code via=park rep=1 rounds=100000 ns_per_round_trip=5300}. A
 * round trip is two wake-ups. The first repetitions warm the code up.
 */
@Command(name = "ping-pong", description = "Times the hand-over between two threads.")
public final class PingPong implements Callable<Integer> {
  /** How one thread wakes the other. */
  public enum Via {
    /** By {@link LockSupport}. */
    PARK,
    /** Through two {@link LinkedBlockingQueue}s. */
    QUEUE
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = "--via",
      defaultValue = "park",
      description = "park or queue (default: ${DEFAULT-VALUE}).")
  private Via via;

  @Option(
      names = "--kind",
      defaultValue = "platform",
      description = "Kind of the two threads, platform or virtual (default: ${DEFAULT-VALUE}).")
  private ThreadKind kind;

  @Option(
      names = "--rounds",
      defaultValue = "50000",
      description = "Round trips per repetition (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--reps",
      defaultValue = "7",
      description = "Repetitions (default: ${DEFAULT-VALUE}).")
  private int reps;

  /** Set before both are started. */
  private Thread ping;

  private Thread pong;

  /** Whose turn it is; each side writes only the other's name into it. */
  private volatile Thread turn;

  private PingPong() {}

  /**
   * Runs the repetitions and exits.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new PingPong()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /**
   * Runs all repetitions.
   *
   * @return 0
   * @throws InterruptedException when the thread is interrupted
   * @throws ExecutionException when one of the two threads failed
   */
  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    for (int rep = 1; rep <= reps; rep++) {
      long nanos = via == Via.PARK ? throughPark() : throughQueues();
      System.out.printf(
          "via=%s kind=%s rep=%d rounds=%d ns_per_round_trip=%d%n",
          name(via), name(kind), rep, rounds, nanos / rounds);
    }
    return 0;
  }

  private long throughPark() throws InterruptedException, ExecutionException {
    return time(
        () -> {
          for (int i = 0; i < rounds; i++) {
            pass(pong);
            awaitTurn(ping);
          }
        },
        () -> {
          for (int i = 0; i < rounds; i++) {
            awaitTurn(pong);
            pass(ping);
          }
        });
  }

  private void awaitTurn(Thread self) {
    while (turn != self) {
      LockSupport.park(this);
    }
  }

  private void pass(Thread other) {
    turn = other;
    LockSupport.unpark(other);
  }

  private long throughQueues() throws InterruptedException, ExecutionException {
    LinkedBlockingQueue<Boolean> there = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    return time(
        () -> {
          for (int i = 0; i < rounds; i++) {
            there.put(Boolean.TRUE);
            back.take();
          }
        },
        () -> {
          for (int i = 0; i < rounds; i++) {
            back.put(there.take());
          }
        });
  }

  private interface Turns {
    void take() throws InterruptedException;
  }

  /** Nanoseconds of the one that begins; both are threads of our own, as those of any program. */
  private long time(Turns beginning, Turns answering)
      throws InterruptedException, ExecutionException {
    FutureTask<Long> begin =
        new FutureTask<>(
            () -> {
              long start = System.nanoTime();
              beginning.take();
              return System.nanoTime() - start;
            });
    FutureTask<Void> answer =
        new FutureTask<>(
            () -> {
              answering.take();
              return null;
            });
    turn = null;
    ping = thread("ping", begin);
    pong = thread("pong", answer);
    pong.start();
    ping.start();
    answer.get();
    return begin.get();
  }

  private Thread thread(String name, Runnable task) {
    Thread thread = kind.factory().newThread(task);
    thread.setName(name);
    return thread;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
