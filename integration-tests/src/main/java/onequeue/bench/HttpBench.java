package onequeue.bench;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import onequeue.load.LoadPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares the sides of servers under load. */
@Command(
    name = "http",
    description = "Servers under load: rate, latency, CPU, context switches, memory, system calls.")
final class HttpBench implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Setup setup;
  private List<Subject> subjects;

  @Option(
      names = "--connections",
      paramLabel = "N",
      split = ",",
      defaultValue = "64",
      description = "Connections of the client, a comparison for each (default: ${DEFAULT-VALUE}).")
  private List<Integer> connections;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Requests per second, at even distances; below 1 it is that share of what the first side"
              + " does at its best, 0.1 for latencies at a low load; 0 is as fast as the answers"
              + " come (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--neighbours",
      paramLabel = "NICENESS",
      arity = "0..1",
      fallbackValue = "19",
      description =
          "Keep each CPU busy with another process; of niceness 19, the lowest priority, or any"
              + " other from 0.")
  private Integer neighbours;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each side runs, in a new JVM (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "How long to measure in each round (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How long to load before that (default: ${DEFAULT-VALUE}).")
  private double warmupSeconds;

  @Option(
      names = "--subject",
      paramLabel = "SUBJECT[,SUBJECT...]",
      defaultValue = "hello",
      description =
          "hello, a thread per connection and one fixed answer; sample, the same with files and"
              + " sub-requests; sample-nio, that with a selector and workers; tomcat, jetty,"
              + " undertow, jdk-http, netty-nio; or all"
              + " (default: ${DEFAULT-VALUE}).")
  void chooseSubjects(String words) {
    subjects = Choice.of(Subject.class, spec, "--subject", words);
  }

  /**
   * Runs a comparison for each subject and number of connections.
   *
   * @return 0, or 1 when a side could not run or an answer was not good
   * @throws IOException when there are too few descriptors, or {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Machine.requireDescriptors(Collections.max(connections));
    Machine.describe(setup.jdkHome(), System.out);
    Optional<String> obstacle = SystemCalls.obstacle();
    obstacle.ifPresent(why -> System.out.println("# system calls are not counted: " + why));
    int good = 0;
    int all = 0;
    for (Subject subject : subjects) {
      List<Side> sides = setup.sides(side -> subject.obstacle(side, setup.jdkRelease()));
      for (int number : sides.isEmpty() ? List.<Integer>of() : connections) {
        LoadPlan plan = new LoadPlan(number, rate, warmupSeconds, seconds, subject.paths());
        HttpComparison comparison =
            new HttpComparison(subject, sides, setup.java(), plan, neighbours, obstacle.isEmpty());
        if (all++ == 0) {
          comparison.warmClientUp();
        }
        good += isGood(comparison) ? 1 : 0;
      }
    }
    return all > 0 && good == all ? 0 : 1;
  }

  /** What goes wrong with one must not lose the others. */
  private boolean isGood(HttpComparison comparison) throws InterruptedException {
    try {
      return comparison.run(rounds);
    } catch (IOException failure) {
      System.out.println("# no comparison: " + failure.getMessage());
      return false;
    }
  }
}
