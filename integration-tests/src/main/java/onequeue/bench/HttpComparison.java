package onequeue.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import onequeue.load.LoadPlan;

/** Compares the sides of one subject at one number of connections. One thread. */
final class HttpComparison {
  /** What a neighbour may burn beyond the time of a run, in which servers start and end. */
  private static final long SLACK_SECONDS = 120;

  /** Enough to find the peak by, a tenth of which is asked for then. */
  private static final double SECONDS_OF_PEAK = 2;

  private final Subject subject;
  private final JavaCommand java;
  private final LoadPlan plan;
  private final Integer niceness;
  private final boolean countCalls;
  private final List<Side> sides;
  private final Comparison comparison;
  private final Map<Side, String> systemCalls = new LinkedHashMap<>();
  private boolean good = true;
  private int disturbed;

  /**
   * Prepares a comparison.
   *
   * @param sides in order, the base first; each can run the subject
   * @param niceness of the busy processes beside it, or null for none
   * @param plan the load; a rate below 1 is a share of what the base does without one
   */
  HttpComparison(
      Subject subject,
      List<Side> sides,
      JavaCommand java,
      LoadPlan plan,
      Integer niceness,
      boolean countCalls) {
    this.subject = subject;
    this.sides = new ArrayList<>(sides);
    this.java = java;
    this.plan = plan;
    this.niceness = niceness;
    this.countCalls = countCalls;
    comparison = new Comparison(sides);
  }

  /**
   * Runs all rounds and prints a line for each run and the comparison.
   *
   * @return whether all sides ran and all answers were good
   */
  boolean run(int rounds) throws IOException, InterruptedException {
    System.out.printf(
        "%n# http, subject %s, %d connections%s%n",
        subject,
        plan.connections(),
        niceness == null ? "" : ", on each CPU a busy neighbour of niceness " + niceness);
    LoadPlan fixed = plan.rate() > 0 && plan.rate() < 1 ? plan.atRate(shareOfPeak()) : plan;
    if (fixed.rate() > 0) {
      System.out.printf(Locale.ROOT, "# at a fixed rate of %.0f requests/s%n", fixed.rate());
    }
    for (int round = 1; round <= rounds; round++) {
      for (Side side : Setup.inRound(sides, round)) {
        tryRun(side, round, fixed);
      }
    }
    comparison.print(System.out);
    systemCalls.forEach(
        (side, calls) ->
            System.out.printf("%-22s %-14s %s%n", "system calls/request", side, calls));
    if (disturbed > 0) {
      System.out.printf(
          "# WARNING: in %d of the runs other processes used more than a tenth of the CPU time%n",
          disturbed);
    }
    return good;
  }

  /** Or the side that runs first would meet a client whose code is not compiled yet. */
  void warmClientUp() throws InterruptedException {
    try {
      peak();
    } catch (IOException failure) {
      // Then the first round fails too, and says so.
    }
  }

  private double shareOfPeak() throws IOException, InterruptedException {
    return Math.max(1, plan.rate() * peak());
  }

  private double peak() throws IOException, InterruptedException {
    LoadPlan peak =
        new LoadPlan(plan.connections(), 0, plan.warmupSeconds(), SECONDS_OF_PEAK, plan.paths());
    return run(sides.get(0), peak, false).load().requestsPerSecond();
  }

  /** A side that fails is left out from then on: what the others have measured is not lost. */
  private void tryRun(Side side, int round, LoadPlan load) throws InterruptedException {
    try {
      HttpRun run = run(side, load, countCalls && round == 1);
      System.out.printf("round=%d side=%s %s%n", round, side, run.line());
      add(side, run);
    } catch (IOException failure) {
      System.out.printf("# left out: %s (%s)%n", side, failure.getMessage());
      sides.remove(side);
      comparison.remove(side);
      systemCalls.remove(side);
      good = false;
    }
  }

  private HttpRun run(Side side, LoadPlan load, boolean callsToo)
      throws IOException, InterruptedException {
    long seconds = (long) (load.warmupSeconds() + load.seconds()) + SLACK_SECONDS;
    try (ServerProcess server = ServerProcess.start(subject.command(side, java));
        Neighbours neighbours =
            niceness == null ? Neighbours.none() : Neighbours.start(niceness, seconds)) {
      return HttpRun.of(server, load, neighbours, callsToo);
    }
  }

  private void add(Side side, HttpRun run) {
    comparison.add("requests/s", side, run.load().requestsPerSecond());
    comparison.add("CPU us/request", side, run.cpuMicrosPerRequest());
    comparison.add("switches/request", side, run.switchesPerRequest());
    comparison.add("p50 us", side, run.load().latencyMicros(50));
    comparison.add("p99 us", side, run.load().latencyMicros(99));
    comparison.add("peak RSS MB", side, run.peakMegabytes());
    if (!run.systemCalls().isEmpty()) {
      systemCalls.put(side, SystemCalls.line(run.systemCalls()));
    }
    good &= run.load().errors() == 0;
    disturbed += Machine.isDisturbed(run.othersShare()) ? 1 : 0;
  }
}
