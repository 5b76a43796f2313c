package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How children end, and who waits for it: codes, signals, timeouts, interrupts, futures. */
public final class ProcessExits {
  private static final int WAITERS = 50;
  private static final int CHILDREN = 40;

  private ProcessExits() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    codes();
    notStarted();
    timed();
    interrupted();
    destroyed();
    stopped();
    manyWaiters();
    futures();
    future();
    handles();
  }

  static Process sh(String script) throws Exception {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  /** It ends when its standard input is closed. */
  static Process cat() throws Exception {
    return new ProcessBuilder("cat").start();
  }

  private static void codes() throws Exception {
    for (String end :
        new String[] {"exit 0", "exit 1", "exit 255", "kill -9 $$", "kill -SEGV $$", "kill $$"}) {
      Process process = sh(end);
      int code = process.waitFor();
      System.out.println(end + ": " + code + process.exitValue() + process.isAlive());
    }
    Process ended = sh("exit 9");
    AdoptionThreads.until("it has ended", () -> !ended.isAlive());
    System.out.println("seen " + ended.exitValue() + ended.waitFor(0, TimeUnit.SECONDS));
    System.out.println(ended.toString().replaceAll("\\d{2,}", "N"));
  }

  private static void notStarted() {
    tell("no such file", () -> new ProcessBuilder("/no/such/file").start());
    tell(
        "no such directory",
        () -> new ProcessBuilder("true").directory(Path.of("/no").toFile()).start());
  }

  private static void timed() throws Exception {
    Process cat = cat();
    tell("exit value", cat::exitValue);
    tell("0", () -> cat.waitFor(0, TimeUnit.SECONDS));
    tell("negative", () -> cat.waitFor(-1, TimeUnit.DAYS));
    tell("3 ms", () -> cat.waitFor(3, TimeUnit.MILLISECONDS));
    tell("no unit", () -> cat.waitFor(1, null));
    cat.getOutputStream().close();
    tell("a minute", () -> cat.waitFor(1, TimeUnit.MINUTES));
    tell("again", () -> cat.waitFor(-1, TimeUnit.MINUTES));
  }

  private static void interrupted() throws Exception {
    Process cat = cat();
    tell(
        "before",
        () -> {
          Thread.currentThread().interrupt();
          return cat.waitFor();
        });
    for (boolean timed : new boolean[] {false, true}) {
      TransparencyWatch waiter =
          TransparencyWatch.start(
              () -> timed ? cat.waitFor(1, TimeUnit.HOURS) : (Object) cat.waitFor());
      AdoptionThreads.await(
              waiter.thread(), timed ? Thread.State.TIMED_WAITING : Thread.State.WAITING)
          .interrupt();
      System.out.println(waiter.end() + " " + cat.isAlive());
    }
    cat.getOutputStream().close();
    System.out.println(cat.waitFor());
    tell(
        "after",
        () -> {
          Thread.currentThread().interrupt();
          return cat.waitFor();
        });
  }

  private static void destroyed() throws Exception {
    Process cat = cat();
    System.out.println(cat.supportsNormalTermination());
    cat.destroy();
    System.out.println("destroyed " + cat.waitFor());
    cat.destroy();
    Process other = cat();
    System.out.println("by force " + other.destroyForcibly().waitFor());
    Process deaf = sh("trap '' TERM; echo ready; exec cat");
    System.out.println(deaf.inputReader().readLine());
    deaf.toHandle().destroy();
    System.out.println("deaf " + deaf.waitFor(5, TimeUnit.MILLISECONDS));
    deaf.toHandle().destroyForcibly();
    System.out.println("killed " + deaf.waitFor());
  }

  /** To stop is not to end. */
  private static void stopped() throws Exception {
    Process process = sh("kill -STOP $$; exit 6");
    Path stat = Path.of("/proc/" + process.pid() + "/stat");
    AdoptionThreads.until(
        "it has stopped",
        () -> {
          try {
            return Files.readString(stat).contains(") T ");
          } catch (java.io.IOException e) {
            return false;
          }
        });
    System.out.println("stopped " + process.waitFor(5, TimeUnit.MILLISECONDS));
    sh("kill -CONT " + process.pid()).waitFor();
    System.out.println("went on " + process.waitFor());
  }

  private static void manyWaiters() throws Exception {
    Process cat = cat();
    List<TransparencyWatch> waiters = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      waiters.add(TransparencyWatch.start(cat::waitFor));
    }
    AdoptionThreads.await(waiters.get(0).thread(), Thread.State.WAITING);
    cat.destroyForcibly();
    for (TransparencyWatch waiter : waiters) {
      System.out.print(waiter.end() + " ");
    }
    System.out.println();
  }

  /** Of many children, which end in another order than they were started in. */
  private static void futures() throws Exception {
    List<Process> children = new ArrayList<>();
    List<CompletableFuture<Integer>> codes = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      Process child = sh("read code; exit $code");
      children.add(child);
      codes.add(child.onExit().thenApply(Process::exitValue));
    }
    for (int i = CHILDREN - 1; i >= 0; i--) {
      children.get(i).getOutputStream().write((i + "\n").getBytes());
      children.get(i).getOutputStream().flush();
    }
    CompletableFuture.allOf(codes.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
    for (int i = 0; i < CHILDREN; i++) {
      System.out.print(codes.get(i).get() + ":" + children.get(i).waitFor() + " ");
    }
    System.out.println();
  }

  /** The program's own code runs where it runs without us, and may block there. */
  private static void future() throws Exception {
    Process first = cat();
    Process second = cat();
    CompletableFuture<String> chain =
        first
            .onExit()
            .thenApply(
                ended -> {
                  Thread thread = Thread.currentThread();
                  return thread.isDaemon() + " " + thread.getPriority() + " " + ended.exitValue();
                })
            .thenCompose(
                seen -> {
                  second.destroy();
                  return second.onExit().thenApply(ended -> seen + " " + ended.exitValue());
                });
    first.getOutputStream().close();
    System.out.println(chain.get(1, TimeUnit.MINUTES));
    System.out.println("late " + first.onExit().get().exitValue());
    blocks();
    CompletableFuture<Process> cancelled = cat().onExit();
    System.out.println(cancelled.cancel(true) + " " + cancelled.isCancelled());
  }

  private static void blocks() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    Process cat = cat();
    CompletableFuture<Boolean> blocks = cat.onExit().thenApply(ended -> await(latch));
    cat.getOutputStream().close();
    for (int i = 0; i < 5; i++) {
      System.out.print(sh("exit " + i).waitFor());
    }
    System.out.println(" while others block " + !blocks.isDone());
    latch.countDown();
    System.out.println(blocks.get(1, TimeUnit.MINUTES));
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void handles() throws Exception {
    Process cat = cat();
    ProcessHandle handle = cat.toHandle();
    CompletableFuture<ProcessHandle> exit = handle.onExit();
    System.out.println(handle.isAlive() + " " + exit.isDone());
    cat.getOutputStream().close();
    System.out.println(exit.get(1, TimeUnit.MINUTES).equals(handle) + " " + cat.waitFor());
    System.out.println(handle.isAlive() + " " + handle.onExit().get().isAlive());
    tell("own", () -> ProcessHandle.current().onExit());
    tell("gone", () -> ProcessHandle.of(cat.pid()).isPresent());
  }
}
