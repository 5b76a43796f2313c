package onequeue.it.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Counts the threads that the kernel has of this process. */
public final class AdoptionKernel {
  private static final int THREADS = 500;

  private AdoptionKernel() {}

  /** Prints by how many they grow with so many threads of the program, started and pooled. */
  public static void main(String[] args) throws Exception {
    long before = kernelThreads();
    CountDownLatch started = new CountDownLatch(2 * THREADS);
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService pool = Executors.newCachedThreadPool();
    List<Thread> threads = new ArrayList<>();
    AdoptionThreads.Body body =
        () -> {
          started.countDown();
          end.await();
        };
    for (int i = 0; i < THREADS; i++) {
      threads.add(AdoptionThreads.start("thread " + i, body));
      pool.execute(AdoptionThreads.task(body));
    }
    started.await();
    System.out.println(kernelThreads() - before);
    end.countDown();
    pool.shutdown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static long kernelThreads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }
}
