package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The threads that a fuzzed program runs in, one step here and one there: the main thread, one that
 * may be adopted, and a virtual one where there are such.
 */
final class FuzzActors {
  static final int COUNT = 3;

  private static final FutureTask<Void> END = new FutureTask<>(() -> null);

  private final List<LinkedBlockingQueue<FutureTask<?>>> tasks = new ArrayList<>();

  FuzzActors() {
    for (int i = 0; i < COUNT; i++) {
      tasks.add(new LinkedBlockingQueue<>());
    }
    Thread second = new Thread(() -> serve(1));
    second.setDaemon(true);
    second.start();
    startVirtual(() -> serve(2));
  }

  private static void startVirtual(Runnable body) {
    try {
      Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    } catch (NoSuchMethodException e) {
      Thread third = new Thread(body);
      third.setDaemon(true);
      third.start();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Is one of them, until the end. */
  void serve(int actor) {
    try {
      while (true) {
        FutureTask<?> task = tasks.get(actor).take();
        if (task == END) {
          return;
        }
        task.run();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  <T> FutureTask<T> start(int actor, Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    tasks.get(actor).add(task);
    return task;
  }

  void end() {
    tasks.forEach(queue -> queue.add(END));
  }

  static <T> T join(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
