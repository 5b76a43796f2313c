package onequeue.it.programs;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What children wrote, read when they have ended, by others, or while a grandchild holds on. */
public final class ProcessStreams {
  private static final int OTHERS = 20;

  private ProcessStreams() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    readAfterTheEnd();
    redirected();
    inherited();
    pipeline();
    heldByAGrandchild();
    writtenToTheDead();
  }

  /** All that fits into the pipes is there still. */
  private static void readAfterTheEnd() throws Exception {
    Process process = ProcessExits.sh("seq 1 9000; seq 1 500 >&2; exit 4");
    int code = process.waitFor();
    byte[] out = process.getInputStream().readAllBytes();
    byte[] err = process.getErrorStream().readAllBytes();
    System.out.println(code + " " + out.length + " " + err.length);
    Process closed = ProcessExits.sh("read line; echo lost");
    closed.getInputStream().close();
    closed.getOutputStream().close();
    System.out.println(
        closed.waitFor() + " " + TransparencyWatch.outcome(closed.getInputStream()::read));
  }

  private static void redirected() throws Exception {
    Path file = Files.createTempFile("process", ".txt");
    ProcessBuilder to = new ProcessBuilder("sh", "-c", "echo out; echo err >&2; exit 2");
    System.out.println(
        to.redirectErrorStream(true).redirectOutput(file.toFile()).start().waitFor());
    System.out.println(Files.readAllLines(file));
    ProcessBuilder append = new ProcessBuilder("cat").redirectInput(file.toFile());
    Path copy = Files.createTempFile("process", ".txt");
    for (int i = 0; i < 2; i++) {
      Process process = append.redirectOutput(Redirect.appendTo(copy.toFile())).start();
      System.out.println(process.waitFor() + " " + process.getInputStream().read());
    }
    System.out.println(Files.readAllLines(copy));
    System.out.println(
        new ProcessBuilder("seq", "9").redirectOutput(Redirect.DISCARD).start().waitFor());
    Files.delete(file);
    Files.delete(copy);
  }

  private static void inherited() throws Exception {
    System.out.println("before");
    System.out.flush();
    int code =
        new ProcessBuilder("sh", "-c", "echo of the child; exit 3").inheritIO().start().waitFor();
    System.out.println("after " + code);
  }

  private static void pipeline() throws Exception {
    List<Process> processes =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder("seq", "1", "100000"),
                new ProcessBuilder("sh", "-c", "grep 7; exit 5"),
                new ProcessBuilder("wc", "-l")));
    String last = new String(processes.get(2).getInputStream().readAllBytes()).strip();
    for (Process process : processes) {
      System.out.print(process.waitFor() + " ");
    }
    System.out.println(last);
  }

  /**
   * The child is gone, its grandchild has the pipe: who reads there has the lock that is taken when
   * a child ends. Others must end all the same.
   */
  private static void heldByAGrandchild() throws Exception {
    Process process = ProcessExits.sh("sleep 1000 & echo $!; read line; exit 4");
    InputStream out = process.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = out.read(); c != '\n'; c = out.read()) {
      line.append((char) c);
    }
    TransparencyWatch reader = TransparencyWatch.start(out::read);
    TransparencyWatch.settle(reader.thread());
    process.getOutputStream().close();
    System.out.println("held " + process.waitFor() + " " + reader.thread().isAlive());
    int sum = 0;
    for (int i = 0; i < OTHERS; i++) {
      sum += ProcessExits.sh("exit 1").waitFor();
    }
    System.out.println("others " + sum + " " + reader.thread().isAlive());
    ProcessHandle.of(Long.parseLong(line.toString())).orElseThrow().destroy();
    System.out.println("let go " + reader.end());
  }

  private static void writtenToTheDead() throws Exception {
    Process process = ProcessExits.sh("exit 0");
    System.out.println(process.waitFor());
    try {
      process.getOutputStream().write(new byte[100_000]);
      System.out.println("written");
    } catch (IOException e) {
      System.out.println("refused"); // by the kernel or, when that was closed, by the stream
    }
  }
}
