package onequeue.carrier;

import onequeue.queue.Native;

/**
 * Decides how many carriers run at once, from one to their base number. More help while a core is
 * free; when other processes want the cores, each further one costs switches and brings nothing,
 * and one carrier serves a small machine best.
 *
 * <p>Measured, not guessed: the machine's spare CPU time, how long our carriers had to wait for a
 * core, and how many switches between virtual threads got done. One carrier less is kept only if
 * that number stays. Called by the steward alone.
 */
final class Governor {
  private static final int PERIOD_TICKS = 10;
  private static final double MUCH_SPARE = 0.3; // of a core
  private static final double NO_SPARE = 0.1;
  private static final double MUCH_DELAY = 0.15; // of a carrier's time
  private static final double LOSS = 0.93;
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

  private static volatile int allowed = Integer.MAX_VALUE;

  private int tick;
  private int saturated;
  private long periodStart;
  private long spareBefore;
  private long delayBefore;
  private long switchesBefore;

  /** Switches in the period before the last step down, while that is on trial; else -1. */
  private long onTrial = -1;

  private long lastUp;
  private long noDownBefore;
  private long noUpBefore;
  private long downPause = FIRST_PAUSE_NANOS;
  private long upPause = FIRST_PAUSE_NANOS;

  /** How many carriers may run at once, those that are stuck not counted. */
  static int allowed() {
    return Math.min(allowed, Carriers.base());
  }

  /** The carriers were idle: what was measured before says nothing. */
  void restart() {
    tick = 0;
    saturated = 0;
    onTrial = -1;
    periodStart = 0;
  }

  void tick() {
    if (Carriers.base() == 1) {
      return;
    }
    saturated += Carriers.running() >= allowed() ? 1 : 0;
    if (++tick < PERIOD_TICKS) {
      return;
    }
    long now = System.nanoTime();
    long spare = Native.spareCpu();
    long delay = Carriers.runDelayNanos();
    long switches = Carriers.switches();
    if (periodStart != 0 && spare >= 0 && delay >= 0) {
      double nanos = now - periodStart;
      decide(
          now,
          (spare - spareBefore) / nanos,
          (delay - delayBefore) / nanos / allowed(),
          switches - switchesBefore);
    }
    periodStart = now;
    spareBefore = spare;
    delayBefore = delay;
    switchesBefore = switches;
    tick = 0;
    saturated = 0;
  }

  private void decide(long now, double spare, double delay, long done) {
    boolean lost = onTrial >= 0 && done < onTrial * LOSS;
    onTrial = -1;
    if (lost) {
      noDownBefore = now + downPause;
      downPause = Math.min(2 * downPause, LONGEST_PAUSE_NANOS);
      set(allowed() + 1);
    } else if (allowed() > 1 && spare < NO_SPARE && delay > MUCH_DELAY && now > noDownBefore) {
      if (now - lastUp < 2 * upPause) {
        noUpBefore = now + upPause;
        upPause = Math.min(2 * upPause, LONGEST_PAUSE_NANOS);
      }
      onTrial = done;
      set(allowed() - 1);
    } else if (allowed() < Carriers.base()
        && spare > MUCH_SPARE
        && saturated >= PERIOD_TICKS - 2
        && now > noUpBefore) {
      lastUp = now;
      set(allowed() + 1);
    }
  }

  private static void set(int carriers) {
    allowed = Math.max(1, Math.min(carriers, Carriers.base()));
  }
}
