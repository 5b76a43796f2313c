package onequeue.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the comparisons. */
@Command(
    name = "bench",
    description = "Compares a program on the stock JDK with the same program under the agent.",
    subcommands = {
      HttpBench.class,
      PingPongBench.class,
      SleepersBench.class,
      IdleBench.class,
      MemoryBench.class,
      BackendBench.class,
      ProcessesBench.class,
      FilesBench.class,
      CensusBench.class,
      StartupBench.class
    })
public final class Bench {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  private Bench() {}

  /**
   * Runs one comparison and exits: 0 when it is good, 1 when it failed, 2 when it was misused.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(commandLine(new Bench()).execute(args));
  }

  /**
   * A command line whose failures are one line, not a stack trace.
   *
   * @param command the picocli command
   * @return the command line
   */
  public static CommandLine commandLine(Object command) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              line.getErr().println(line.getCommandName() + ": " + failure.getMessage());
              return 1;
            });
  }
}
