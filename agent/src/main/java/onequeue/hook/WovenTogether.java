package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JDK classes that get their advice all together or not at all, as each counts on the others. */
final class WovenTogether implements ClassFileTransformer {
  private final Instrumentation instrumentation;
  private final Map<String, List<Class<?>>> advice;

  /** The VM asks again, on any thread, whenever somebody changes one of the classes. */
  private volatile boolean active;

  private Class<?>[] types;
  private Throwable failure;

  private WovenTogether(Instrumentation instrumentation, Map<String, List<Class<?>>> advice) {
    this.instrumentation = instrumentation;
    this.advice = advice;
  }

  /**
   * Takes the place, within what is prepared or woven later, for {@link #weave()}.
   *
   * @param advice by the internal name of the class it goes into
   */
  static WovenTogether prepare(
      Instrumentation instrumentation, Map<String, List<Class<?>>> advice) {
    WovenTogether together = new WovenTogether(instrumentation, advice);
    instrumentation.addTransformer(together, true);
    return together;
  }

  /** Likewise, and weaves at once. */
  static void weave(Instrumentation instrumentation, Map<String, List<Class<?>>> advice)
      throws Throwable {
    prepare(instrumentation, advice).weave();
  }

  /**
   * @throws Throwable when one of the classes is not as expected; then none is changed
   */
  void weave() throws Throwable {
    List<Class<?>> all = new ArrayList<>();
    for (String name : advice.keySet()) {
      Class<?> type = Class.forName(name.replace('/', '.'), false, null);
      Weaver.check(type, advice.get(name));
      all.add(type);
    }
    types = all.toArray(new Class<?>[0]);
    active = true;
    try {
      instrumentation.retransformClasses(types);
    } catch (Throwable e) {
      failure = e;
    }
    if (failure != null) {
      undo();
      throw failure;
    }
  }

  /** Leaves the classes as they were. */
  void undo() throws UnmodifiableClassException {
    instrumentation.removeTransformer(this);
    instrumentation.retransformClasses(types);
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    List<Class<?>> each = !active || loader != null || name == null ? null : advice.get(name);
    if (each == null) {
      return null;
    }
    try {
      return Weaver.weave(name.replace('/', '.'), bytes, each);
    } catch (Throwable e) {
      failure = e;
      return null;
    }
  }
}
