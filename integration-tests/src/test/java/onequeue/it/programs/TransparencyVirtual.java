package onequeue.it.programs;

import java.lang.reflect.Method;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Virtual threads that sleep, park, use sockets and are interrupted. Needs a JDK that has them. */
public final class TransparencyVirtual {
  private static final int MANY = 1000;

  private TransparencyVirtual() {}

  /** Prints what became of them; by reflection, for this is compiled for Java 17. */
  public static void main(String[] args) throws Exception {
    sleepers();
    parks();
    queue();
    sockets();
    ends();
  }

  private static Thread start(Runnable task) throws ReflectiveOperationException {
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    return (Thread) start.invoke(null, task);
  }

  private static void sleepers() throws Exception {
    AtomicInteger slept = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      threads.add(start(() -> slept.addAndGet(sleep())));
    }
    join(threads);
    System.out.println("slept " + slept);
  }

  private static int sleep() {
    long start = System.nanoTime();
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      return 0;
    }
    return System.nanoTime() - start >= 20_000_000 ? 1 : 0;
  }

  private static void parks() throws Exception {
    AtomicInteger left = new AtomicInteger(MANY);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      threads.add(
          start(
              () -> {
                LockSupport.park();
                left.decrementAndGet();
              }));
    }
    for (Thread thread : threads) {
      if (threads.indexOf(thread) % 2 == 0) {
        LockSupport.unpark(thread);
      } else {
        thread.interrupt();
      }
    }
    join(threads);
    System.out.println("parked " + left);
  }

  private static void queue() throws Exception {
    LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
    AtomicInteger sum = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      threads.add(start(() -> sum.addAndGet(take(queue))));
    }
    for (int i = 0; i < MANY; i++) {
      queue.add(i);
    }
    join(threads);
    System.out.println("took " + sum);
  }

  private static int take(LinkedBlockingQueue<Integer> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sockets() throws Exception {
    AtomicInteger echoed = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Socket[] pair = TransparencyOps.sockets();
      threads.add(start(() -> echo(pair[1])));
      threads.add(start(() -> echoed.addAndGet(ask(pair[0]))));
    }
    join(threads);
    System.out.println("echoed " + echoed);
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int ask(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(new byte[100_000]);
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes().length;
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void ends() throws Exception {
    SocketChannel[] closing = TransparencyOps.tcp();
    end("close", () -> closing[0].read(ByteBuffer.allocate(1)), t -> closing[0].close());
    SocketChannel[] interrupted = TransparencyOps.tcp();
    end("interrupt", () -> interrupted[0].read(ByteBuffer.allocate(1)), Thread::interrupt);
    Socket[] sockets = TransparencyOps.sockets();
    end("socket close", () -> sockets[0].getInputStream().read(), t -> sockets[0].close());
    Socket[] timed = TransparencyOps.sockets();
    timed[1].setSoTimeout(20);
    end("timeout", () -> timed[1].getInputStream().read(), t -> {});
    end("sleep", () -> sleep(), Thread::interrupt);
  }

  private interface Ender {
    void end(Thread thread) throws Exception;
  }

  private static void end(String name, Callable<?> call, Ender ender) throws Exception {
    List<String> outcome = new ArrayList<>();
    Thread thread = start(() -> outcome.add(TransparencyWatch.outcome(call)));
    while (thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    ender.end(thread);
    thread.join();
    System.out.println(name + " " + outcome);
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
