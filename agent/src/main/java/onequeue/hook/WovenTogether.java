package onequeue.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JDK classes that get their advice all together or not at all, as each counts on the others. */
final class WovenTogether implements ClassFileTransformer {
  private final Map<String, List<Class<?>>> advice;
  private Throwable failure;

  private WovenTogether(Map<String, List<Class<?>>> advice) {
    this.advice = advice;
  }

  /**
   * @param advice by the internal name of the class it goes into
   * @throws Throwable when one of them is not as expected; then none is changed
   */
  static void weave(Instrumentation instrumentation, Map<String, List<Class<?>>> advice)
      throws Throwable {
    List<Class<?>> types = new ArrayList<>();
    for (String name : advice.keySet()) {
      Class<?> type = Class.forName(name.replace('/', '.'), false, null);
      Weaver.check(type, advice.get(name));
      types.add(type);
    }
    new WovenTogether(advice).weave(instrumentation, types.toArray(new Class<?>[0]));
  }

  private void weave(Instrumentation instrumentation, Class<?>[] types) throws Throwable {
    instrumentation.addTransformer(this, true);
    try {
      instrumentation.retransformClasses(types);
    } catch (Throwable e) {
      failure = e;
    }
    if (failure != null) {
      instrumentation.removeTransformer(this);
      instrumentation.retransformClasses(types);
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
    List<Class<?>> each = loader != null || name == null ? null : advice.get(name);
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
