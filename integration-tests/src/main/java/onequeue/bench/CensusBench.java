package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import onequeue.sample.AllWaits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts the threads that a program has in which there is one wait of each kind and more. */
@Command(
    name = "census",
    description =
        "Kernel threads that wait for connections, timers, children and files, by name: those of"
            + " the JDK, of the agent and of the program.")
final class CensusBench implements Callable<Integer> {
  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS_MILLIS = 100;
  private static final int MOST_LOOKS = 100;

  @Mixin
  private final Trials trials =
      new Trials(1, "stock,observe,unify,coroutine,virtual,unify-virtual", 17, 25);

  /**
   * Runs all rounds and prints a line for each, the comparison, and the threads by name.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean good = true;
    for (int jdk : trials.jdks()) {
      CensusTable table = new CensusTable();
      good &= trials.run(jdk, trial -> measure(trial, table));
      table.print(System.out);
    }
    return good ? 0 : 1;
  }

  private static void measure(Trial trial, CensusTable table)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(trial.command(AllWaits.class)).start();
    ErrorOutput errors = new ErrorOutput(process);
    try {
      awaitReady(process);
      settle(process.pid());
      Census census = Census.of(trial.java().jdkHome(), process.pid());
      process.getOutputStream().close();
      if (process.waitFor() != 0) {
        throw new IOException("the program ended with exit code " + process.exitValue());
      }
      errors.join();
      errors.requireSide();
      trial.print(census.line());
      // The agent's need no ratio to a side that has none.
      for (String whose : List.of("JDK", "program", "all")) {
        trial.add("threads, " + whose, census.counts().get(whose));
      }
      table.add(trial.side(), census);
    } finally {
      process.destroy();
    }
  }

  private static void awaitReady(Process process) throws IOException {
    if (!"ready".equals(process.inputReader().readLine())) {
      throw new IOException("the program did not begin all of its waits");
    }
  }

  /** Looks until the threads of the process stay the same. */
  private static void settle(long pid) throws IOException, InterruptedException {
    Map<String, ThreadUse> last = Map.of();
    int same = 0;
    for (int look = 0; same < LOOKS && look < MOST_LOOKS; look++) {
      Map<String, ThreadUse> now = ThreadUse.of(pid);
      same = now.keySet().equals(last.keySet()) ? same + 1 : 0;
      last = now;
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }
}
