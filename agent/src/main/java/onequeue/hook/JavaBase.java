package onequeue.hook;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import onequeue.queue.Hooks;

/** The module java.base, to the agent. */
final class JavaBase {
  private JavaBase() {}

  /** Opens packages of it to our classes in the boot loader, and to nobody else. */
  static void open(Instrumentation instrumentation, String... packages) {
    Map<String, Set<Module>> opens = new HashMap<>();
    for (String each : packages) {
      opens.put(each, Set.of(Hooks.class.getModule()));
    }
    instrumentation.redefineModule(
        Object.class.getModule(), Set.of(), Map.of(), opens, Set.of(), Map.of());
  }
}
