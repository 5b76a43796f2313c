package onequeue.sample.server;

import java.time.Duration;

/**
 * Once a second, shuts the connections that made no progress for too long.
 *
 * <p>A socket timeout would cover the reads alone; a peer that stops reading in the middle of a
 * file has to be noticed too.
 */
final class IdleSweeper extends Thread {
  private static final long PERIOD_MILLIS = 1000;

  private final Front front;
  private final long longestIdleNanos;

  IdleSweeper(Front front, Duration longestIdle) {
    super("idle-sweeper");
    this.front = front;
    longestIdleNanos = longestIdle.toNanos();
    setDaemon(true);
  }

  @Override
  public void run() {
    try {
      while (true) {
        sleep(PERIOD_MILLIS);
        long now = System.nanoTime();
        for (Connection connection : front.connections()) {
          if (connection.idleNanos(now) > longestIdleNanos) {
            connection.shut();
          }
        }
      }
    } catch (InterruptedException stopped) {
      currentThread().interrupt();
    }
  }
}
