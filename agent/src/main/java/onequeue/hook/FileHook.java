package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onequeue.queue.Hooks;

/**
 * Lets virtual threads on our carriers wait for files without a carrier. Put in with the first
 * virtual thread; if it cannot be, files hold the carrier as in stock.
 */
final class FileHook implements ClassFileTransformer {
  private static final Map<String, List<Class<?>>> ADVICE =
      Map.of(
          "sun/nio/ch/UnixFileDispatcherImpl",
          List.of(
              FileAdvices.Read.class,
              FileAdvices.PositionedRead.class,
              FileAdvices.Scatter.class,
              FileAdvices.Write.class,
              FileAdvices.PositionedWrite.class,
              FileAdvices.Gather.class,
              FileAdvices.Force.class,
              FileAdvices.Lock.class),
          "sun/nio/ch/NativeThreadSet",
          List.of(FileAdvices.Join.class, FileAdvices.Close.class),
          "java/io/FileDescriptor",
          List.of(FileAdvices.Sync.class),
          "java/io/FileInputStream",
          List.of(
              StreamAdvices.ReadByte.class,
              StreamAdvices.ReadAll.class,
              StreamAdvices.ReadSome.class),
          "java/io/FileOutputStream",
          List.of(
              StreamAdvices.WriteByte.class,
              StreamAdvices.WriteAll.class,
              StreamAdvices.WriteSome.class),
          "java/io/RandomAccessFile",
          List.of(
              StreamAdvices.ReadRandomByte.class,
              StreamAdvices.ReadRandom.class,
              StreamAdvices.WriteRandomByte.class,
              StreamAdvices.WriteRandom.class));

  private Throwable failure;

  private FileHook() {}

  /** After the classes of onequeue.carrier are defined. */
  static void install(Instrumentation instrumentation, boolean ring) {
    FileHook hook = new FileHook();
    try {
      Set<Module> us = Set.of(Hooks.class.getModule());
      instrumentation.redefineModule(
          Object.class.getModule(),
          Set.of(),
          Map.of(),
          Map.of("java.io", us, "jdk.internal.event", us, "sun.nio.ch", us),
          Set.of(),
          Map.of());
      Class<?> calls = Class.forName("onequeue.carrier.FileCalls", true, null);
      calls.getMethod("prepare", boolean.class).invoke(null, ring);
      hook.weave(instrumentation);
      calls.getMethod("start").invoke(null);
    } catch (Throwable e) {
      System.err.println(
          "onequeue: files hold the carrier of a virtual thread, as without us: "
              + (e.getCause() != null ? e.getCause() : e));
    }
  }

  /** All of the classes or none: each counts on the others. */
  private void weave(Instrumentation instrumentation) throws Throwable {
    List<Class<?>> types = new ArrayList<>();
    for (String name : ADVICE.keySet()) {
      Class<?> type = Class.forName(name.replace('/', '.'), false, null);
      Weaver.check(type, ADVICE.get(name));
      types.add(type);
    }
    instrumentation.addTransformer(this, true);
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (Throwable e) {
      failure = e;
    }
    if (failure != null) {
      instrumentation.removeTransformer(this);
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
      throw failure;
    }
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    List<Class<?>> advice = loader != null || name == null ? null : ADVICE.get(name);
    if (advice == null) {
      return null;
    }
    try {
      return Weaver.weave(name.replace('/', '.'), bytes, advice);
    } catch (Throwable e) {
      failure = e;
      return null;
    }
  }
}
