package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Locked files, named pipes, child processes and the standard input, each in a thread. */
public final class AdoptionFiles {
  private static final String HOLD = "hold";

  private AdoptionFiles() {}

  /**
   * @param args none, or {@code hold FILE}: to be the other process
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals(HOLD)) {
      hold(Path.of(args[1]));
      return;
    }
    Path directory = Files.createTempDirectory("adoption");
    lock(Files.createFile(directory.resolve("locked")));
    pipe(directory.resolve("pipe"));
    AdoptionThreads.run("child", AdoptionFiles::child);
    waits();
    standardInput();
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  /** Holds the lock until the end of its standard input. */
  private static void hold(Path file) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.lock();
      System.out.println("locked");
      System.in.read();
    }
  }

  private static void lock(Path file) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AdoptionFiles.class.getName(),
                HOLD,
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    System.out.println("other process " + other.inputReader().readLine());
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    AdoptionThreads.run("tries", () -> tell("try", channel::tryLock));
    TransparencyWatch waiter = TransparencyWatch.start(() -> locked(channel));
    waiter.blocked();
    System.out.println("waits " + waiter.thread().isAlive());
    AdoptionThreads.run("overlaps", () -> tell("overlapping", () -> channel.lock().isValid()));
    other.getOutputStream().close();
    System.out.println(waiter.end() + " " + other.waitFor());
    channel.close();
  }

  private static String locked(FileChannel channel) throws Exception {
    try (FileLock lock = channel.lock()) {
      return "locked " + lock.isValid() + lock.isShared();
    }
  }

  /** To open one end waits for the other. */
  private static void pipe(Path path) throws Exception {
    System.out.println("made " + new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
    TransparencyWatch reader = TransparencyWatch.start(() -> read(path));
    reader.blocked();
    System.out.println("waits for a writer " + reader.thread().isAlive());
    try (FileOutputStream out = new FileOutputStream(path.toFile())) {
      out.write("through the pipe".getBytes());
      reader.blocked();
      System.out.println("waits for the end " + reader.thread().isAlive());
    }
    System.out.println(reader.end());
  }

  private static String read(Path path) throws Exception {
    try (BufferedReader in = new BufferedReader(new FileReader(path.toFile()))) {
      return in.readLine() + " " + in.readLine();
    }
  }

  private static void child() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "wc -c; echo to standard error >&2; exit 7").start();
    TransparencyWatch out =
        TransparencyWatch.start(() -> new String(process.getInputStream().readAllBytes()).strip());
    TransparencyWatch err =
        TransparencyWatch.start(() -> new String(process.getErrorStream().readAllBytes()).strip());
    try (OutputStream in = process.getOutputStream()) {
      for (int i = 0; i < 50; i++) {
        in.write(new byte[99_991]);
      }
    }
    System.out.println(out.end() + ", " + err.end() + ", " + process.waitFor());
    tell("onExit", () -> process.onExit().get().exitValue());
  }

  private static void waits() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    TransparencyWatch waiter = TransparencyWatch.start(cat::waitFor);
    AdoptionThreads.await(waiter.thread(), Thread.State.WAITING);
    AdoptionThreads.run("timed", () -> tell("timed", () -> cat.waitFor(5, TimeUnit.MILLISECONDS)));
    TransparencyWatch interrupted = TransparencyWatch.start(cat::waitFor);
    AdoptionThreads.await(interrupted.thread(), Thread.State.WAITING).interrupt();
    System.out.println(interrupted.end() + " " + cat.isAlive());
    TransparencyWatch reader = TransparencyWatch.start(() -> cat.getInputStream().read());
    reader.blocked();
    cat.destroyForcibly();
    System.out.println("destroyed " + waiter.end() + " " + reader.end());
  }

  /**
   * The standard input is a pipe, at whose end nobody writes any more; a second writer is got by
   * way of its descriptor.
   */
  private static void standardInput() throws Exception {
    FileOutputStream writer = new FileOutputStream("/proc/self/fd/0");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line : new String[] {"first", "second"}) {
      TransparencyWatch reader = TransparencyWatch.start(lines::readLine);
      reader.blocked();
      System.out.println("waits for a line " + reader.thread().isAlive());
      writer.write((line + "\n").getBytes());
      System.out.println(reader.end());
    }
    TransparencyWatch reader = TransparencyWatch.start(lines::readLine);
    reader.blocked();
    LockSupport.unpark(reader.thread());
    writer.close();
    System.out.println("end " + reader.end());
  }
}
