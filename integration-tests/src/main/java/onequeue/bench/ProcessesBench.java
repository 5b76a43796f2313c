package onequeue.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import onequeue.sample.Children;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides in a program that starts others and waits for their end. */
@Command(
    name = "processes",
    description = "Children started and waited for, one by one and many at once; threads for them.")
final class ProcessesBench implements Callable<Integer> {
  @Mixin private final Trials trials = new Trials("stock,unify,coroutine", 17, 25);

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "500",
      description = "How many to start one by one (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many to have at once (default: ${DEFAULT-VALUE}).")
  private int atOnce;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    return trials.run(this::measure) ? 0 : 1;
  }

  private void measure(Trial trial) throws IOException, InterruptedException {
    Printed result =
        Printed.last(
            Child.lines(trial.command(Children.class, "--count=" + count, "--at-once=" + atOnce)),
            "threads");
    trial.print(result.line());
    trial.add("one by one us/child", result.number("one_us"));
    trial.add("at once us/child", result.number("at_once_us"));
    trial.add("CPU us/child", result.number("cpu_us"));
    trial.add("threads at once", result.number("threads"));
  }
}
