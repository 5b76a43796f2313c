package onequeue.it.programs;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The context class loader: inherited at construction, set from both sides. */
public final class AdoptionLoaders {
  private AdoptionLoaders() {}

  /** Prints the loader's name at each point. */
  public static void main(String[] args) throws Exception {
    ClassLoader first = loader("first");
    ClassLoader second = loader("second");
    Thread main = Thread.currentThread();
    main.setContextClassLoader(first);
    Thread made = new Thread(() -> System.out.println("inherited " + here()));
    main.setContextClassLoader(second);
    made.start();
    made.join();
    setOutside(first);
    setInside(first);
    children(first);
    pools(first);
    nothing();
    Thread lookup = new Thread(() -> AdoptionThreads.tell("service", AdoptionLoaders::service));
    lookup.start();
    lookup.join();
  }

  private static ClassLoader loader(String name) {
    return new URLClassLoader(name, new URL[0], AdoptionLoaders.class.getClassLoader());
  }

  private static String here() {
    return name(Thread.currentThread());
  }

  private static String name(Thread thread) {
    ClassLoader loader = thread.getContextClassLoader();
    return loader == null ? "none" : loader.getName();
  }

  private static void setOutside(ClassLoader loader) throws Exception {
    CountDownLatch set = new CountDownLatch(1);
    Thread thread = new Thread(AdoptionThreads.task(() -> awaited(set)), "outside");
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    thread.start();
    System.out.println("set before start " + name(thread));
    thread.setContextClassLoader(loader);
    set.countDown();
    thread.join();
  }

  private static void awaited(CountDownLatch set) throws InterruptedException {
    set.await();
    System.out.println("set from outside " + here());
  }

  private static void setInside(ClassLoader loader) throws Exception {
    CountDownLatch set = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        AdoptionThreads.start(
            "inside",
            () -> {
              Thread.currentThread().setContextClassLoader(loader);
              set.countDown();
              end.await();
            });
    set.await();
    System.out.println("set from inside " + name(thread));
    end.countDown();
    thread.join();
    System.out.println("after the end " + name(thread));
  }

  private static void children(ClassLoader loader) throws Exception {
    AdoptionThreads.run(
        "parent",
        () -> {
          Thread.currentThread().setContextClassLoader(loader);
          AdoptionThreads.run("child", () -> System.out.println("child " + here()));
        });
  }

  private static void pools(ClassLoader loader) throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.submit(() -> Thread.currentThread().setContextClassLoader(loader)).get();
    System.out.println("stays with a pool's thread " + pool.submit(AdoptionLoaders::here).get());
    pool.shutdown();
  }

  private static void nothing() throws Exception {
    Thread thread = new Thread(() -> System.out.println("null " + here()));
    thread.setContextClassLoader(null);
    thread.start();
    thread.join();
  }

  /** As the JDK looks for it: by the loader of the running thread. */
  private static String service() {
    return java.util.ServiceLoader.load(java.nio.file.spi.FileSystemProvider.class)
        .findFirst()
        .map(provider -> provider.getScheme())
        .orElse("none");
  }
}
