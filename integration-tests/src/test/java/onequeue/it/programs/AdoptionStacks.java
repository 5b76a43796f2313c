package onequeue.it.programs;

import java.lang.StackWalker.Option;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stack traces: a thread's own, those of others, of exceptions, and what a walker sees. */
public final class AdoptionStacks {
  /** A walker sees what an adopted thread runs on; the README says so. */
  private static final Set<String> BELOW =
      Set.of("onequeue.carrier.Adopted", "java.lang.VirtualThread");

  private AdoptionStacks() {}

  /** Prints the frames, down to the bottom; those of the JDK's waits are left out at the top. */
  public static void main(String[] args) throws Exception {
    AdoptionThreads.run("own", AdoptionStacks::own);
    fromOutside();
    subclass();
    pool();
    AdoptionThreads.run("walker", AdoptionStacks::walk);
    Thread printed = new Thread(() -> new Throwable("printed").printStackTrace(), "prints");
    printed.start();
    printed.join();
    Thread dumped = new Thread(Thread::dumpStack, "dumps");
    dumped.start();
  }

  private static void print(String name, StackTraceElement[] trace) {
    Predicate<StackTraceElement> ofTheWait =
        frame -> !frame.getClassName().startsWith(AdoptionStacks.class.getPackageName());
    System.out.println(name);
    Arrays.stream(trace)
        .dropWhile(ofTheWait)
        .map(AdoptionStacks::text)
        .forEach(System.out::println);
  }

  /** Without the numbers of generated classes. */
  private static String text(StackTraceElement frame) {
    return "  " + frame.toString().replaceAll("Lambda[$0-9]*/0x[0-9a-f]+", "Lambda");
  }

  private static void own() {
    print("own", Thread.currentThread().getStackTrace());
    print("of an exception", new Exception().getStackTrace());
    try {
      List.of(1, 2).forEach(AdoptionStacks::fail);
    } catch (IllegalStateException e) {
      print("through the JDK", e.getStackTrace());
      print("cause", e.getCause().getStackTrace());
    }
  }

  private static void fail(int number) {
    throw new IllegalStateException("number " + number, new Exception("cause"));
  }

  private static void fromOutside() throws Exception {
    Thread parked = AdoptionThreads.start("parked", LockSupport::park);
    print("parked", AdoptionThreads.await(parked, Thread.State.WAITING).getStackTrace());
    LockSupport.unpark(parked);
    Thread sleeping = AdoptionThreads.start("sleeping", () -> Thread.sleep(3_600_000));
    AdoptionThreads.await(sleeping, Thread.State.TIMED_WAITING);
    print("sleeping", sleeping.getStackTrace());
    System.out.println("in the list of all");
    Arrays.stream(Thread.getAllStackTraces().get(sleeping))
        .filter(frame -> !hidden(frame))
        .map(frame -> "  " + frame.getClassName() + "." + frame.getMethodName())
        .dropWhile(text -> !text.contains("Adoption"))
        .forEach(System.out::println);
    sleeping.interrupt();
    sleeping.join();
    System.out.println("ended " + sleeping.getStackTrace().length);
    System.out.println("not started " + new Thread().getStackTrace().length);
  }

  /** Some of the VM's traces have frames that others leave out. */
  private static boolean hidden(StackTraceElement frame) {
    return frame.getClassName().contains("Lambda") || frame.getMethodName().equals("runWith");
  }

  private static void subclass() throws Exception {
    Thread thread =
        new Thread("subclass") {
          @Override
          public void run() {
            print("subclass", new Exception().getStackTrace());
          }
        };
    thread.start();
    thread.join();
  }

  private static void pool() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.submit(() -> print("pool", new Exception().getStackTrace())).get();
    pool.shutdown();
  }

  private static void walk() {
    StackWalker walker = StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE));
    System.out.println("walker " + walker.walk(AdoptionStacks::frames));
    System.out.println("caller " + walker.getCallerClass().getName().replaceAll("[$].*", ""));
  }

  private static String frames(Stream<StackWalker.StackFrame> frames) {
    return frames
        .filter(frame -> !BELOW.contains(frame.getClassName()))
        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
        .map(text -> text.replaceAll("Lambda[$0-9]*/0x[0-9a-f]+", "Lambda"))
        .collect(Collectors.joining(" "));
  }
}
