package onequeue.sample;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Two platform threads that hand a turn to and fro, by {@link LockSupport} or through two queues.
 *
 * <p>Prints a line per repetition, {@code via=park rep=1 rounds=100000 ns_per_round_trip=5300}. A
 * round trip is two wake-ups. The first repetitions warm the code up.
 */
@Command(name = "ping-pong", description = "Times the hand-over between two platform threads.")
public final class PingPong implements Callable<Integer> {
  enum Via {
    PARK,
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
      names = "--rounds",
      defaultValue = "50000",
      description = "Round trips per repetition (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--reps",
      defaultValue = "7",
      description = "Repetitions (default: ${DEFAULT-VALUE}).")
  private int reps;

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
   */
  @Override
  public Integer call() throws InterruptedException {
    for (int rep = 1; rep <= reps; rep++) {
      long nanos = via == Via.PARK ? throughPark() : throughQueues();
      System.out.printf(
          "via=%s rep=%d rounds=%d ns_per_round_trip=%d%n",
          via.name().toLowerCase(Locale.ROOT), rep, rounds, nanos / rounds);
    }
    return 0;
  }

  private long throughPark() throws InterruptedException {
    Thread ping = Thread.currentThread();
    turn = ping;
    Thread pong =
        new Thread(
            () -> {
              for (int i = 0; i < rounds; i++) {
                awaitTurn();
                pass(ping);
              }
            },
            "pong");
    pong.start();
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      pass(pong);
      awaitTurn();
    }
    long nanos = System.nanoTime() - start;
    pong.join();
    return nanos;
  }

  private void awaitTurn() {
    Thread self = Thread.currentThread();
    while (turn != self) {
      LockSupport.park(this);
    }
  }

  private void pass(Thread other) {
    turn = other;
    LockSupport.unpark(other);
  }

  private long throughQueues() throws InterruptedException {
    LinkedBlockingQueue<Boolean> there = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    Thread pong =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < rounds; i++) {
                  back.put(there.take());
                }
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            },
            "pong");
    pong.start();
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      there.put(Boolean.TRUE);
      back.take();
    }
    long nanos = System.nanoTime() - start;
    pong.join();
    return nanos;
  }
}
