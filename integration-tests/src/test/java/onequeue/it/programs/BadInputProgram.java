package onequeue.it.programs;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A program that waits in a few ways and then ends with an exit code of its own. */
public final class BadInputProgram {
  private static final int EXIT_CODE = 3;

  private BadInputProgram() {}

  /**
   * @param args the number of threads; or another thing to do
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "doorstep" -> doorstep(Path.of(args[1]).toUri().toURL(), args[2], args[3]);
      case "child" -> child();
      case "mappings" -> System.out.println(mappings());
      default -> waits(Integer.parseInt(args[0]));
    }
  }

  private static void waits(int count) throws Exception {
    AtomicInteger sum = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(new Thread(() -> sum.addAndGet(parkAndSleep())));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    }
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      thread.join();
    }
    var pair = TransparencyOps.sockets();
    var reader = TransparencyWatch.start(() -> pair[0].getInputStream().read());
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    pair[1].getOutputStream().write(9);
    System.out.println("slept long enough " + sum + ", read " + reader.end());
    System.exit(EXIT_CODE);
  }

  private static int parkAndSleep() {
    LockSupport.park();
    long start = System.nanoTime();
    long nanos = 2_300_000;
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      return 0;
    }
    return System.nanoTime() - start >= nanos ? 1 : 0;
  }

  /** Enters the agent as a VM of that version would; the VM itself does not let it be set. */
  private static void doorstep(URL jar, String version, String options) throws Exception {
    System.setProperty("java.specification.version", version);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, null)) {
      Class<?> premain = loader.loadClass("onequeue.launch.Premain");
      for (var method : premain.getDeclaredMethods()) {
        if (method.getName().equals("premain")) {
          method.invoke(null, options, null);
        }
      }
    }
  }

  /** One that ends with our standard input. */
  private static void child() throws Exception {
    Process child =
        new ProcessBuilder("sh", "-c", "cat; exit 5")
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .start();
    System.out.println("started");
    System.out.println(child.waitFor());
  }

  /** How much of us is mapped into the process. */
  private static long mappings() throws Exception {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("onequeue") && !line.contains(".jar")).count();
    }
  }
}
