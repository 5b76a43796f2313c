package onequeue.carrier;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import onequeue.queue.Hooks;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/**
 * The thread that a watch service of the JDK's starts, which waits for inotify and for requests: it
 * runs the JDK's own code as a virtual thread on our carriers. What the advice in there calls.
 *
 * <p>Such a thread is not the program's, and no recording tells of its waits. As the one it stands
 * for, it is a daemon that no program is handed.
 */
public final class WatchThread implements Runnable {
  private static final String NAME = "FileSystemWatchService";
  private static final int POLLIN = 1;
  private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2;

  private static final Constructor<?> NEW_VIRTUAL_THREAD = constructor();
  private static final Class<?> POLLER = Jdk.type("sun.nio.fs.LinuxWatchService$Poller");
  private static final Method POLL =
      Jdk.method(Jdk.type("sun.nio.fs.LinuxWatchService"), "poll", int.class, int.class);

  private static final ConcurrentMap<Thread, WatchThread> RUNNING = new ConcurrentHashMap<>();

  private final Runnable poller;

  /** An epoll with the two descriptors that the thread waits on. */
  private final int watcher;

  private boolean joined;

  private WatchThread(Runnable poller, int watcher) {
    this.poller = poller;
    this.watcher = watcher;
  }

  /** Stands in for {@code AbstractPoller.start()}; false leaves it to the JDK. */
  public static boolean start(Runnable poller) {
    int watcher = POLLER.isInstance(poller) ? Native.openWatcher() : -1;
    if (watcher < 0) {
      return false;
    }
    try {
      thread(new WatchThread(poller, watcher)).start();
      return true;
    } catch (Throwable e) { // of memory: the JDK may have the same trouble, and says so
      Native.closeWatcher(watcher);
      return false;
    }
  }

  private static Thread thread(WatchThread task) throws ReflectiveOperationException {
    Coroutine coroutine = new Coroutine(null);
    coroutine.thread =
        (Thread) NEW_VIRTUAL_THREAD.newInstance(coroutine, NAME, NO_INHERIT_THREAD_LOCALS, task);
    return coroutine.thread;
  }

  @Override
  public void run() {
    Thread me = Thread.currentThread();
    Hooks.UNREPORTED.add(me);
    RUNNING.put(me, this);
    try {
      poller.run();
    } finally {
      Native.closeWatcher(watcher);
      RUNNING.remove(me);
      Hooks.UNREPORTED.remove(me);
    }
  }

  /**
   * Stands in for {@code LinuxWatchService.poll}: waits for one of the two descriptors.
   *
   * @return how many of them are ready
   */
  public static int poll(int inotify, int requests) throws Throwable {
    WatchThread me = RUNNING.get(Thread.currentThread());
    return me != null && me.joins(inotify, requests) ? me.await() : original(inotify, requests);
  }

  private boolean joins(int inotify, int requests) {
    if (!joined) {
      joined =
          Native.joinWatcher(watcher, inotify) == 0 && Native.joinWatcher(watcher, requests) == 0;
    }
    return joined;
  }

  private int await() throws IOException {
    int ready = Native.lookAtWatcher(watcher);
    if (ready == 0) {
      Native.waited(Kind.WATCH.ordinal());
    }
    while (ready == 0) {
      Readiness.poll(watcher, POLLIN, 0, null);
      ready = Native.lookAtWatcher(watcher);
    }
    return ready;
  }

  private static int original(int inotify, int requests) throws Throwable {
    try {
      return (int) POLL.invoke(null, inotify, requests);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Constructor<?> constructor() {
    try {
      Constructor<?> constructor =
          Jdk.type("java.lang.VirtualThread")
              .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new NoSuchMethodError(e.getMessage());
    }
  }
}
