package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onequeue.queue.Hooks;
import onequeue.queue.Native;

/**
 * Puts the program's virtual threads on our carriers, from the first one that it makes.
 *
 * <p>All of them go through {@code ThreadBuilders.newVirtualThread}, a class that no program loads
 * without need: one that makes none pays nothing. The JDK's pollers and timers have not started by
 * then, so nothing is ever split between them and ours.
 */
final class VirtualThreadHook implements ClassFileTransformer, Runnable {
  private static final String FUNNEL = "java/lang/ThreadBuilders";
  private static final List<Class<?>> FUNNEL_ADVICE = List.of(VirtualThreadAdvices.Funnel.class);

  private static final Map<String, List<Class<?>>> ADVICE =
      Map.of(
          "java/lang/VirtualThread",
          List.of(
              VirtualThreadAdvices.Schedule.class,
              VirtualThreadAdvices.Carry.class,
              VirtualThreadAdvices.PinnedPark.class,
              VirtualThreadAdvices.Interrupt.class),
          "sun/nio/ch/Poller",
          List.of(
              VirtualThreadAdvices.Poll.class,
              VirtualThreadAdvices.PollSelector.class,
              VirtualThreadAdvices.StopPoll.class),
          "sun/nio/ch/SocketChannelImpl",
          List.of(VirtualThreadAdvices.NonBlocking.class),
          "sun/nio/ch/Poller$Pollers",
          List.of(VirtualThreadAdvices.NoPollers.class));

  private final Boot boot;
  private final Instrumentation instrumentation;
  private final int carriers;
  private final Set<String> stock;
  private final WovenTogether together;

  private VirtualThreadHook(
      Boot boot, Instrumentation instrumentation, int carriers, Set<String> stock) {
    this.boot = boot;
    this.instrumentation = instrumentation;
    this.carriers = carriers;
    this.stock = stock;
    together = WovenTogether.prepare(instrumentation, ADVICE);
  }

  /**
   * @param stock kinds of waits that are left to the JDK
   */
  static void install(Boot boot, Instrumentation instrumentation, int carriers, Set<String> stock) {
    VirtualThreadHook hook = new VirtualThreadHook(boot, instrumentation, carriers, stock);
    Hooks.firstVirtualThread = hook;
    instrumentation.addTransformer(hook, true);
  }

  /** Runs once, on the thread that makes the first virtual thread, before it is made. */
  @Override
  public void run() {
    try {
      Set<Module> us = Set.of(Hooks.class.getModule());
      instrumentation.redefineModule(
          Object.class.getModule(),
          Set.of(),
          Map.of("jdk.internal.misc", us),
          Map.of("java.lang", us),
          Set.of(),
          Map.of());
      Weaver.check(Class.forName(FUNNEL.replace('/', '.'), false, null), FUNNEL_ADVICE);
      if (!Native.openCarrierPort()) {
        throw new IllegalStateException("no descriptor left for the carrier port");
      }
      boot.define("onequeue/carrier/");
      together.weave();
      start();
      if (!stock.contains(Group.FILE.key())) {
        FileHook.install(instrumentation, !stock.contains("uring"));
      }
      if (!stock.contains(Group.LOOKUP.key())) {
        LookupHook.install(instrumentation);
      }
      if (!stock.contains(Group.WATCH.key())) {
        WatchHook.install(instrumentation);
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** What is woven counts on carriers: without them nobody would wake who waits. */
  private void start() throws Exception {
    try {
      Class<?> virtualThreads = Class.forName("onequeue.carrier.VirtualThreads", true, null);
      virtualThreads.getMethod("start", int.class).invoke(null, carriers);
    } catch (Throwable e) {
      together.undo();
      throw e;
    }
  }

  private static void failed(Throwable e) {
    System.err.println(
        "onequeue: virtual threads stay on the JDK's scheduler: "
            + (e.getCause() != null ? e.getCause() : e));
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (loader != null || !FUNNEL.equals(name)) {
      return null;
    }
    try {
      return Weaver.weave(name.replace('/', '.'), bytes, FUNNEL_ADVICE);
    } catch (Throwable e) {
      failed(e);
      return null;
    }
  }
}
