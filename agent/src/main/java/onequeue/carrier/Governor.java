package onequeue.carrier;

import onequeue.queue.Native;

/**
 * Decides how many carriers run at once, from one to their base number. More help while cores are
 * free; when they are not, each further carrier costs switches and may bring nothing, but may also
 * be what gets the program its share of the machine.
 *
 * <p>Not guessed: another number is tried for a while now and then, and kept if it is better. One
 * carrier less is better when as much gets done without it, one more when more gets done. What gets
 * done is counted in reads, writes and switches between virtual threads: a pool's thread that finds
 * one task after another does not switch. Called by the steward alone.
 */
final class Governor {
  private static final int PERIOD_TICKS = 10;
  private static final int TRIAL_PERIODS = 3;
  private static final double NO_SPARE = 0.1; // of a core
  private static final double MUCH_DELAY = 0.15; // of a carrier's time
  private static final double AS_MUCH = 0.97;
  private static final double MORE = 1.05;

  /** A trial with one carrier less that goes as badly as that is over before it does harm. */
  private static final double HOPELESS = 0.85;

  private static final int HOPELESS_TICKS = 3;
  private static final int FIRST_PAUSE_PERIODS = 5;
  private static final int LONGEST_PAUSE_PERIODS = 600;

  private static volatile int allowed = Integer.MAX_VALUE;

  private int tick;
  private int saturated;
  private long periodStart;
  private long spareBefore;
  private long delayBefore;
  private long doneBefore;

  /** What gets done in a second with the number that is not on trial. */
  private double usual;

  /** 1 or -1 while that many more are on trial, else 0. */
  private int step;

  private int trialPeriods;
  private long trialStart;
  private long trialDoneBefore;
  private int pause = FIRST_PAUSE_PERIODS;
  private int untilNext = FIRST_PAUSE_PERIODS;

  /** How many carriers may run at once, those that are stuck not counted. */
  static int allowed() {
    return Math.min(allowed, Carriers.base());
  }

  /** The carriers were idle: what was measured before says nothing. */
  void restart() {
    if (step != 0) {
      set(allowed() - step);
    }
    tick = 0;
    saturated = 0;
    periodStart = 0;
    usual = 0;
    step = 0;
    pause = FIRST_PAUSE_PERIODS;
    untilNext = FIRST_PAUSE_PERIODS;
  }

  void tick() {
    if (Carriers.base() == 1) {
      return;
    }
    saturated += Carriers.running() >= allowed() ? 1 : 0;
    if (++tick < PERIOD_TICKS) {
      if (step < 0 && trialPeriods == 0 && tick == HOPELESS_TICKS) {
        endHopelessTrial();
      }
      return;
    }
    long now = System.nanoTime();
    long spare = Native.spareCpu();
    long delay = Carriers.runDelayNanos();
    long done = done();
    if (periodStart != 0 && spare >= 0 && delay >= 0) {
      double nanos = now - periodStart;
      boolean scarce =
          (spare - spareBefore) / nanos < NO_SPARE
              && (delay - delayBefore) / nanos / allowed() > MUCH_DELAY;
      period(rate(done - doneBefore, now - periodStart), scarce, now, done);
    }
    periodStart = now;
    spareBefore = spare;
    delayBefore = delay;
    doneBefore = done;
    tick = 0;
    saturated = 0;
  }

  private static long done() {
    return Carriers.switches() + Native.carrierCalls();
  }

  /** In a second; what a carrier that ended has done is not counted any more. */
  private static double rate(long done, long nanos) {
    return Math.max(0, done) * 1e9 / Math.max(1, nanos);
  }

  private void period(double rate, boolean scarce, long now, long done) {
    if (step != 0) {
      if (++trialPeriods == TRIAL_PERIODS) {
        judge(rate(done - trialDoneBefore, now - trialStart));
      }
      return;
    }
    usual = usual == 0 ? rate : usual + (rate - usual) / TRIAL_PERIODS;
    if (--untilNext > 0) {
      return;
    }
    boolean busy = saturated >= PERIOD_TICKS - 2;
    if (busy && allowed() < Carriers.base()) {
      begin(1, now, done);
    } else if (scarce && allowed() > 1) {
      begin(-1, now, done);
    }
  }

  private void begin(int change, long now, long done) {
    step = change;
    trialPeriods = 0;
    trialStart = now;
    trialDoneBefore = done;
    set(allowed() + change);
  }

  private void endHopelessTrial() {
    double rate = rate(done() - trialDoneBefore, System.nanoTime() - trialStart);
    if (rate < usual * HOPELESS) {
      judge(rate);
      periodStart = 0; // this one had some of both
    }
  }

  private void judge(double rate) {
    if (rate >= usual * (step > 0 ? MORE : AS_MUCH)) {
      usual = rate;
      pause = FIRST_PAUSE_PERIODS;
    } else {
      set(allowed() - step);
      pause = Math.min(2 * pause, LONGEST_PAUSE_PERIODS);
    }
    step = 0;
    untilNext = pause;
  }

  private static void set(int carriers) {
    allowed = Math.max(1, Math.min(carriers, Carriers.base()));
  }
}
