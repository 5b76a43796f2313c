package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onequeue.config.Mode;
import onequeue.queue.Hooks;

/**
 * Notices that Flight Recorder starts, and only then brings in the events and the advice.
 *
 * <p>{@code FlightRecorder.getFlightRecorder} is the door that every recording goes through, from
 * the command line, jcmd or JMX alike; when it returns first, recorder and locks are free again. So
 * a program that never records pays for neither Byte Buddy nor event classes.
 */
final class JfrHook implements ClassFileTransformer, Runnable {
  private static final String DOOR = "jdk/jfr/FlightRecorder";

  private final Boot boot;
  private final Instrumentation instrumentation;
  private final Mode mode;

  /** From here on the classes of {@link Advices#BY_CLASS} are woven, now or when they load. */
  private volatile boolean recorded;

  private JfrHook(Boot boot, Instrumentation instrumentation, Mode mode) {
    this.boot = boot;
    this.instrumentation = instrumentation;
    this.mode = mode;
  }

  static void install(Boot boot, Instrumentation instrumentation, Mode mode) {
    Optional<Module> jfr = ModuleLayer.boot().findModule("jdk.jfr");
    if (jfr.isEmpty()) {
      System.err.println(
          "onequeue: no events: this Java runtime has no module jdk.jfr; add it to the image"
              + " (jlink --add-modules jdk.jfr)");
      return;
    }
    JfrHook hook = new JfrHook(boot, instrumentation, mode);
    Hooks.flightRecorderStarted = hook;
    instrumentation.addTransformer(hook, true);
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (loader != null || name == null) {
      return null;
    }
    List<Class<?>> advice = name.equals(DOOR) ? List.of(Advices.Door.class) : null;
    if (advice == null && recorded) {
      advice = Advices.BY_CLASS.get(name);
    }
    if (advice == null) {
      return null;
    }
    try {
      if (name.equals(DOOR)) {
        instrumentation.redefineModule(
            module, Set.of(Hooks.class.getModule()), Map.of(), Map.of(), Set.of(), Map.of());
      }
      return Weaver.weave(name.replace('/', '.'), bytes, advice);
    } catch (Throwable e) {
      System.err.println("onequeue: no events: cannot instrument " + name + ": " + e);
      return null;
    }
  }

  /** The stack of a virtual thread that waits for a monitor is read there. */
  private void openContinuations() {
    Module base = Object.class.getModule();
    if (base.getPackages().contains("jdk.internal.vm")) {
      Set<Module> us = Set.of(Hooks.class.getModule());
      instrumentation.redefineModule(
          base, Set.of(), Map.of("jdk.internal.vm", us), Map.of(), Set.of(), Map.of());
    }
  }

  /** Runs once, on the thread that starts Flight Recorder. */
  @Override
  public void run() {
    try {
      boot.define("onequeue/event/");
      Class<?> recordings = Class.forName("onequeue.event.Recordings", true, null);
      recordings
          .getMethod("follow", String.class)
          .invoke(null, mode.name().toLowerCase(Locale.ROOT));
      openContinuations();
      recorded = true;
      for (Class<?> type : instrumentation.getAllLoadedClasses()) {
        if (type.getClassLoader() == null
            && Advices.BY_CLASS.containsKey(type.getName().replace('.', '/'))) {
          instrumentation.retransformClasses(type);
        }
      }
    } catch (Throwable e) {
      Throwable cause = e.getCause() != null ? e.getCause() : e;
      System.err.println("onequeue: no events in recordings: " + cause);
    }
  }
}
