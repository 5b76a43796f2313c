package onequeue.report;

import java.io.PrintWriter;
import onequeue.control.StatusException;
import onequeue.control.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** {@code java -jar onequeue.jar}: one subcommand for each thing that can be asked of an agent. */
@Command(
    name = "onequeue",
    description = "Looks at programs that run with -javaagent:onequeue.jar.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineTool.class,
    subcommands = {StatusCommand.class, ThreadsCommand.class})
public final class CommandLineTool implements Runnable, CommandLine.IVersionProvider {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * Runs one command line. Messages of trouble are one line each, on the standard error.
   *
   * @return the exit code: 0 done, 1 could not be done, 2 a wrong command line
   */
  public static int run(String... args) {
    return run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new CommandLineTool())
        .setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setParameterExceptionHandler((e, all) -> complain(err, e.getMessage() + help(e), 2))
        .setExecutionExceptionHandler((e, line, parsed) -> complain(err, text(e), 1))
        .execute(args);
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"onequeue " + Version.TEXT};
  }

  private static int complain(PrintWriter err, String message, int exitCode) {
    err.println("onequeue: " + message);
    return exitCode;
  }

  private static String help(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return "; see java -jar onequeue.jar" + command.substring("onequeue".length()) + " --help";
  }

  private static String text(Exception e) {
    return e instanceof StatusException ? e.getMessage() : e.toString();
  }
}
