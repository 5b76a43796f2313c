package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Processes that are no children of this one: their end is seen, their code is not. */
public final class ProcessStrangers {
  private static final int GRANDCHILDREN = 10;

  private ProcessStrangers() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    one();
    many();
    orphan();
  }

  private static void one() throws Exception {
    Process parent = ProcessExits.sh("sleep 1000 & echo $!; wait $!; echo $?");
    ProcessHandle stranger = handle(parent);
    CompletableFuture<ProcessHandle> exit = stranger.onExit();
    CompletableFuture<Boolean> again = stranger.onExit().thenApply(ProcessHandle::isAlive);
    System.out.println(stranger.isAlive() + " " + exit.isDone() + " " + stranger.destroy());
    System.out.println(exit.get(1, TimeUnit.MINUTES).equals(stranger) + " " + again.get());
    System.out.println(
        "its parent says " + parent.inputReader().readLine() + " " + parent.waitFor());
    System.out.println(stranger.isAlive() + " " + stranger.destroy());
    System.out.println("late " + stranger.onExit().get(1, TimeUnit.MINUTES).isAlive());
  }

  private static ProcessHandle handle(Process parent) throws Exception {
    return ProcessHandle.of(Long.parseLong(parent.inputReader().readLine())).orElseThrow();
  }

  private static void many() throws Exception {
    List<Process> parents = new ArrayList<>();
    List<ProcessHandle> strangers = new ArrayList<>();
    List<CompletableFuture<?>> exits = new ArrayList<>();
    for (int i = 0; i < GRANDCHILDREN; i++) {
      parents.add(ProcessExits.sh("sleep 1000 & echo $!; wait"));
      strangers.add(handle(parents.get(i)));
      exits.add(strangers.get(i).onExit());
    }
    strangers.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
    int sum = 0;
    for (Process parent : parents) {
      sum += parent.waitFor();
    }
    System.out.println("all " + sum + " " + strangers.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Its parent does not wait for it, and is killed before it. */
  private static void orphan() throws Exception {
    Process parent = ProcessExits.sh("sleep 1000 & echo $!; cat");
    ProcessHandle stranger = handle(parent);
    stranger.onExit();
    parent.destroyForcibly();
    System.out.println("parent " + parent.waitFor() + " " + stranger.isAlive());
    System.out.println("descendants " + ProcessHandle.current().descendants().count());
    System.out.println(stranger.destroy());
  }
}
