package onequeue.report;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import onequeue.control.RunningAgent;
import onequeue.control.StatusException;
import onequeue.control.StatusPage;
import onequeue.control.StatusPage.SeamState;
import onequeue.control.StatusPage.Threads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what the agent in a process has installed and counted. */
@Command(
    name = "status",
    description = {
      "Shows what the agent in a process has installed and counted, without touching it.",
      "Exit codes: 0 shown; 1 no such process, not allowed, or no agent in it; 2 wrong usage."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineTool.class)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PID", description = "The process, as jps or ps names it.")
  private long pid;

  @Override
  public Integer call() throws StatusException {
    PrintWriter out = spec.commandLine().getOut();
    print(RunningAgent.status(pid), out);
    out.flush();
    return 0;
  }

  private void print(StatusPage page, PrintWriter out) {
    out.println("onequeue " + page.agent("version") + " in process " + pid);
    row(out, "mode", page.agent("mode"));
    row(out, "JDK", page.agent("jdk"));
    row(out, "started in", page.agent("start-ms") + " ms");
    row(out, "recording", page.recording() ? "runs: each wait is reported" : "none");
    out.println();
    out.println("kernel features");
    page.features().forEach((name, state) -> row(out, name, state));
    out.println("in use");
    page.rungs().forEach((purpose, rung) -> row(out, purpose, rung));
    out.println();
    printSeams(page, out);
    out.println();
    out.println("waits by kind, since the start");
    for (Map.Entry<String, Long> kind : page.waits().entrySet()) {
      number(out, kind.getKey(), kind.getValue());
    }
    out.println();
    out.println("system calls that were not needed");
    number(out, "epoll_ctl", page.saved(), "interest of selectors that came and went");
    number(out, "read", page.answered(), "would have blocked");
    printCarriers(page, out);
    out.println();
    out.println("descriptors");
    number(out, "ports open", page.portsOpen());
    number(out, "spare ports", page.portsSpare());
    number(out, "budget", page.portBudget());
    number(out, "over budget", page.overBudget(), "waits that stayed stock");
    number(out, "rebuilt", page.rebuilt(), "ports, after a close elsewhere");
    number(out, "selectors", page.selectors(), "joined the tree, by recordings so far");
  }

  private static void printCarriers(StatusPage page, PrintWriter out) {
    if (page.carriers().isEmpty()) {
      return;
    }
    out.println();
    out.println("virtual threads, a second ago");
    page.carriers().forEach((name, value) -> out.printf("  %-18s%8s%n", name, value));
    for (Threads threads : page.threads()) {
      out.printf(
          "  %8s  %s (%s): %s%n",
          threads.count(), threads.name(), threads.className(), threads.decision());
    }
  }

  private static void printSeams(StatusPage page, PrintWriter out) {
    int width = page.seams().stream().mapToInt(seam -> seam.name().length()).max().orElse(0);
    out.printf("%-" + (width + 2) + "s %12s  state%n", "seams", "fired");
    for (SeamState seam : page.seams()) {
      out.printf("  %-" + (width + 1) + "s%12d  %s%n", seam.name(), seam.fired(), seam.state());
    }
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("  %-14s%s%n", name, value);
  }

  private static void number(PrintWriter out, String name, long value) {
    number(out, name, value, "");
  }

  private static void number(PrintWriter out, String name, long value, String meaning) {
    out.println(String.format("  %-14s%12d  %s", name, value, meaning).stripTrailing());
  }
}
