package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import onequeue.config.Options;
import onequeue.queue.Hooks;

/** Mode coroutine: weaves the JDK's Thread, and {@code Thread.currentThread()} in the program. */
final class AdoptionHook implements ClassFileTransformer {
  private static final Map<String, List<Class<?>>> ADVICE = advice();

  /** JDK classes that give the running thread to the program, or ask whether it is virtual. */
  private static final Set<String> PATCHED =
      Set.of(
          "java/util/concurrent/FutureTask",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer$ConditionObject",
          "java/util/concurrent/locks/AbstractQueuedLongSynchronizer",
          "java/util/concurrent/locks/AbstractQueuedLongSynchronizer$ConditionObject",
          "java/util/concurrent/locks/ReentrantLock$Sync",
          "java/util/concurrent/locks/ReentrantLock$FairSync",
          "java/util/concurrent/locks/ReentrantLock$NonfairSync",
          "java/util/concurrent/locks/ReentrantReadWriteLock$Sync",
          "java/util/concurrent/locks/StampedLock",
          "java/util/concurrent/ThreadPoolExecutor$Worker",
          "java/util/concurrent/ThreadPoolExecutor",
          "java/net/Socket",
          "java/net/Socket$SocketInputStream",
          "java/net/Socket$SocketOutputStream",
          "java/net/ServerSocket",
          "sun/nio/ch/DatagramSocketAdaptor",
          "sun/net/www/http/HttpClient");

  private final Instrumentation instrumentation;

  private AdoptionHook(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  private static Map<String, List<Class<?>>> advice() {
    Map<String, List<Class<?>>> advice = new HashMap<>();
    advice.put(
        "java/lang/Thread",
        List.of(
            ThreadAdvices.Start.class,
            ThreadAdvices.StartInContainer.class,
            ThreadAdvices.Alive.class,
            ThreadAdvices.State.class,
            ThreadAdvices.Interrupt.class,
            ThreadAdvices.Interrupted.class,
            ThreadAdvices.Trace.class,
            ThreadAdvices.Name.class,
            ThreadAdvices.Loader.class,
            ThreadAdvices.Group.class,
            ThreadAdvices.Daemon.class,
            ThreadAdvices.Priority.class,
            ThreadAdvices.All.class,
            ThreadAdvices.AllTraces.class));
    advice.put("java/util/concurrent/locks/LockSupport", List.of(ThreadAdvices.NamedThread.class));
    advice.put("java/lang/ApplicationShutdownHooks", List.of(ThreadAdvices.Shutdown.class));
    advice.put("java/lang/StackTraceElement", List.of(ThreadAdvices.Trim.class));
    advice.put(
        "sun/nio/ch/NioSocketImpl",
        List.of(ChannelAdvices.Socket.class, ChannelAdvices.Transfer.class));
    advice.put("sun/nio/ch/UnixDomainSockets", List.of(ChannelAdvices.UnixConnect.class));
    advice.put("sun/nio/ch/ServerSocketChannelImpl", List.of(ChannelAdvices.Transfer.class));
    advice.put(
        "sun/nio/ch/DatagramChannelImpl",
        List.of(ChannelAdvices.Datagram.class, ChannelAdvices.Transfer.class));
    advice.put(
        "sun/nio/ch/SocketChannelImpl",
        List.of(
            ChannelAdvices.Connect.class,
            ChannelAdvices.Write.class,
            ChannelAdvices.Gather.class,
            ChannelAdvices.Transfer.class));
    advice.put("sun/nio/ch/EPollSelectorImpl", List.of(ChannelAdvices.Select.class));
    advice.put(
        "sun/nio/ch/SinkChannelImpl",
        List.of(
            ChannelAdvices.Write.class,
            ChannelAdvices.Gather.class,
            ChannelAdvices.Transfer.class));
    advice.put("sun/nio/ch/SourceChannelImpl", List.of(ChannelAdvices.Transfer.class));
    advice.put(
        "sun/nio/ch/FileChannelImpl",
        List.of(TransferAdvices.ToSocket.class, TransferAdvices.Piece.class));
    advice.put("java/lang/VirtualThread", List.of(ThreadAdvices.Sleep.class));
    advice.put(
        "sun/management/ThreadImpl",
        List.of(
            ManagementAdvices.Some.class,
            ManagementAdvices.SomeWithLocks.class,
            ManagementAdvices.All.class,
            ManagementAdvices.Ids.class,
            ManagementAdvices.Count.class,
            ManagementAdvices.Daemons.class));
    return advice;
  }

  /** After {@link VirtualThreadHook} has started the carriers. */
  static void install(Boot boot, Instrumentation instrumentation, Options options)
      throws Exception {
    Class.forName("onequeue.carrier.AdoptionRules", true, null)
        .getMethod("choose", String[].class, String[].class)
        .invoke(null, options.include(), options.exclude());
    Class.forName("onequeue.carrier.Adoption", true, null);
    Class.forName("onequeue.carrier.StackTraces", true, null);
    String original = "onequeue.carrier.ProgramThread";
    byte[] helper = Weaver.rename(original, boot.read(original), CurrentThread.HELPER);
    Unsafe.getUnsafe().defineClass(null, helper, 0, helper.length, null, null);
    instrumentation.addTransformer(new AdoptionHook(instrumentation), true);
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type.getName().replace('.', '/');
      if (type.getClassLoader() == null && (ADVICE.containsKey(name) || PATCHED.contains(name))) {
        loaded.add(type);
      }
    }
    instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    // Needs descriptors; of a program without virtual threads stock never does.
    Class.forName("sun.nio.ch.Poller", true, null);
    Hooks.adopting = true;
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (name == null) {
      return null;
    }
    try {
      if (loader == null) {
        List<Class<?>> advice = ADVICE.get(name);
        if (advice != null) {
          if (module != Object.class.getModule()) {
            letCallUs(module);
          }
          return Weaver.weave(name.replace('/', '.'), bytes, advice);
        }
        return PATCHED.contains(name) ? CurrentThread.patch(bytes) : null;
      }
      return isOurs(loader) ? null : CurrentThread.patch(bytes);
    } catch (Throwable e) {
      System.err.println("onequeue: cannot instrument " + name + ": " + e);
      return null;
    }
  }

  private void letCallUs(Module module) {
    Set<Module> us = Set.of(Hooks.class.getModule());
    Map<String, Set<Module>> opened =
        module.getName().equals("java.management") ? Map.of("java.lang.management", us) : Map.of();
    instrumentation.redefineModule(module, us, Map.of(), opened, Set.of(), Map.of());
  }

  private static boolean isOurs(ClassLoader loader) {
    return loader == AdoptionHook.class.getClassLoader()
        || loader == ClassLoader.getPlatformClassLoader();
  }
}
