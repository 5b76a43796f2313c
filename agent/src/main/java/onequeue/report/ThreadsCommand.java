package onequeue.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import onequeue.control.StatusException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the stacks of all threads, adopted and virtual ones too, which jstack leaves out. */
@Command(
    name = "threads",
    description = {
      "Prints the stacks of all threads of a process, virtual and adopted ones included.",
      "Needs the jcmd of a JDK, and JDK 21 or later in the process.",
      "Exit codes: 0 printed; 1 could not be had; 2 wrong usage."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineTool.class)
final class ThreadsCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 60;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PID", description = "The process, as jps or ps names it.")
  private long pid;

  @Override
  public Integer call() throws StatusException, IOException, InterruptedException {
    Path directory = Files.createTempDirectory("onequeue-threads");
    Path dump = directory.resolve("threads.txt");
    try {
      String said = dump(dump);
      if (!Files.exists(dump)) {
        throw new StatusException("process " + pid + ": no thread dump: " + said);
      }
      PrintWriter out = spec.commandLine().getOut();
      try (var lines = Files.lines(dump)) {
        lines.forEach(out::println);
      }
      out.flush();
      return 0;
    } finally {
      Files.deleteIfExists(dump);
      Files.deleteIfExists(directory);
    }
  }

  /** What jcmd said, in one line. */
  private String dump(Path file) throws IOException, StatusException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      throw new StatusException("no " + jcmd + ": run this with the java of a JDK");
    }
    Process process =
        new ProcessBuilder(
                jcmd.toString(), Long.toString(pid), "Thread.dump_to_file", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
    }
    return said.lines()
        .filter(line -> !line.startsWith("\t")) // of a stack trace
        .reduce((first, last) -> last)
        .orElse("jcmd said nothing");
  }
}
