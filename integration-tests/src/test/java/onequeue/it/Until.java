package onequeue.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Until {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(20).toNanos();

  private Until() {}

  /**
   * Looks again and again, for a minute at most.
   *
   * @return what is as it should be
   * @throws AssertionError with what was seen last
   */
  static <T> T seen(String what, Supplier<T> look, Predicate<T> asItShouldBe) {
    long start = System.nanoTime();
    T seen = look.get();
    while (!asItShouldBe.test(seen)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("waited in vain until " + what + "; last seen:\n" + seen);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      seen = look.get();
    }
    return seen;
  }
}
