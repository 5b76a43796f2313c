package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;
import static onequeue.it.programs.ProcessExits.cat;
import static onequeue.it.programs.ProcessExits.sh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Processes that are killed, stopped, gone or zombies, and those who wait for them meanwhile. */
public final class BadProcesses {
  private static final int WAITERS = 20;

  private BadProcesses() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("signals", BadProcesses::signals);
    AdoptionThreads.run("others", BadProcesses::endedWhileOthersWait);
    AdoptionThreads.run("timeouts", BadProcesses::timeouts);
    AdoptionThreads.run("gone", BadProcesses::gone);
    AdoptionThreads.run("zombie", BadProcesses::zombie);
    AdoptionThreads.run("stranger", BadProcesses::stranger);
    AdoptionThreads.run("none", BadProcesses::notStarted);
  }

  private static void signals() throws Exception {
    for (String signal : new String[] {"KILL", "TERM", "ABRT", "SEGV", "USR1"}) {
      Process child = cat();
      System.out.println("sent " + BadFiles.command("kill", "-" + signal, "" + child.pid()));
      System.out.println(signal + " " + child.waitFor() + child.isAlive());
    }
    Process stopped = cat();
    BadFiles.command("kill", "-STOP", "" + stopped.pid());
    tell("stopped", () -> stopped.waitFor(20, TimeUnit.MILLISECONDS));
    tell("stopped", stopped::exitValue);
    stopped.destroyForcibly();
    tell("killed", stopped::waitFor);
  }

  /** All get the code, whoever of the threads collects it. */
  private static void endedWhileOthersWait() throws Exception {
    Process child = sh("read code; exit $code");
    List<TransparencyWatch> waiters = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      boolean timed = i % 2 == 0;
      waiters.add(
          TransparencyWatch.start(
              () -> timed ? "" + child.waitFor(1, TimeUnit.HOURS) : child.waitFor()));
    }
    waiters.forEach(TransparencyWatch::blocked);
    child.getOutputStream().write("77\n".getBytes());
    child.getOutputStream().flush();
    AdoptionThreads.until("it has ended", () -> !child.isAlive());
    for (TransparencyWatch waiter : waiters) {
      System.out.print(waiter.end() + " ");
    }
    System.out.println(child.exitValue());
  }

  private static void timeouts() throws Exception {
    Process child = cat();
    for (long millis : new long[] {-5, 0, 1, 30}) {
      tell(millis + " ms", () -> child.waitFor(millis, TimeUnit.MILLISECONDS));
    }
    tell("future", () -> child.onExit().get(5, TimeUnit.MILLISECONDS));
    TransparencyWatch waiter = TransparencyWatch.start(() -> child.waitFor(1, TimeUnit.HOURS));
    waiter.blocked();
    waiter.thread().interrupt();
    System.out.println(waiter.end());
    child.getOutputStream().close();
    tell("ended", () -> child.waitFor(1, TimeUnit.HOURS));
    tell("ended long ago", () -> child.waitFor(-1, TimeUnit.HOURS));
  }

  /** A number that was a process's, kept from before its end. */
  private static void gone() throws Exception {
    Process child = cat();
    ProcessHandle before = child.toHandle();
    child.getOutputStream().close();
    System.out.println(child.waitFor());
    System.out.println(ProcessHandle.of(child.pid()).isPresent() + " " + before.isAlive());
    System.out.println(before.destroy() + " " + before.destroyForcibly());
    tell("onExit", () -> before.onExit().get(1, TimeUnit.MINUTES).equals(before));
    System.out.println(before.info().command().isPresent() + " " + before.parent().isPresent());
    System.out.println(before.children().count() + " " + before.descendants().count());
    tell("no such number", () -> ProcessHandle.of(Integer.MAX_VALUE).isPresent());
    tell("negative", () -> ProcessHandle.of(-1).isPresent());
  }

  /** It has ended, and its parent, which is not this process, looks away. */
  private static void zombie() throws Exception {
    // The shell becomes a program that does not wait for the child that the shell started.
    Process parent =
        sh("exec 3<&0; (read line; exit 3) <&3 & echo $!; exec sleep 1000 3<&- </dev/null");
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(parent.inputReader().readLine())).orElseThrow();
    CompletableFuture<ProcessHandle> exit = child.onExit();
    System.out.println("alive " + child.isAlive() + exit.isDone());
    // A shell would collect the child.
    AdoptionThreads.until("no shell", () -> proc(parent.pid(), "comm").equals("sleep\n"));
    parent.getOutputStream().close();
    AdoptionThreads.until("a zombie", () -> proc(child.pid(), "stat").contains(") Z "));
    System.out.println("zombie " + child.isAlive());
    tell("its end", () -> exit.get(2, TimeUnit.SECONDS).isAlive());
    parent.destroyForcibly();
    System.out.println("parent " + parent.waitFor());
    tell("collected", () -> exit.get(1, TimeUnit.MINUTES).equals(child));
  }

  private static String proc(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid, file));
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  private static void stranger() throws Exception {
    Process parent = sh("sleep 1000 & echo $!; cat");
    ProcessHandle stranger =
        ProcessHandle.of(Long.parseLong(parent.inputReader().readLine())).orElseThrow();
    CompletableFuture<String> exit = stranger.onExit().thenApply(of -> "over " + of.isAlive());
    tell("not yet", () -> exit.get(5, TimeUnit.MILLISECONDS));
    stranger.destroyForcibly();
    parent.getOutputStream().close();
    System.out.println(parent.waitFor());
    tell("over", () -> exit.get(1, TimeUnit.MINUTES));
    tell("own", () -> ProcessHandle.current().onExit());
    tell("destroy own", () -> ProcessHandle.current().destroy());
  }

  private static void notStarted() {
    tell("a directory", () -> new ProcessBuilder("/tmp").start());
    tell("not a program", () -> new ProcessBuilder("/etc/passwd").start());
    tell("nothing", () -> new ProcessBuilder("").start());
    tell("too long", () -> new ProcessBuilder("true", "x".repeat(3 << 20)).start());
  }
}
