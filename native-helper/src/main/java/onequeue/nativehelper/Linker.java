package onequeue.nativehelper;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;

/**
 * JNA's lower floor: opens a library by its path and calls functions in it.
 *
 * <p>Not JNA's {@code NativeLibrary}, nor its {@code Memory}: the one starts a child process to ask
 * for the system's library path, the other a cleaner thread. Neither has a place in somebody else's
 * program.
 */
final class Linker {
  private static final int LAZY = 1; // RTLD_LAZY

  private final long handle;

  private Linker(long handle) {
    this.handle = handle;
  }

  /**
   * @throws UnsatisfiedLinkError with what dlopen said
   */
  static Linker open(Path file) {
    // JNA tidies its directory of temporary files as it starts, and would make one in the user's
    // home for that. The property is read once; the program's own JNA must not see it.
    String asked = System.getProperty("jna.tmpdir");
    System.setProperty("jna.tmpdir", file.getParent().toString());
    try {
      Object[] args = {file.toString(), LAZY};
      return new Linker((Long) call("open", new Class<?>[] {String.class, int.class}, args));
    } finally {
      if (asked == null) {
        System.clearProperty("jna.tmpdir");
      } else {
        System.setProperty("jna.tmpdir", asked);
      }
    }
  }

  Function function(String name) {
    long address =
        (Long) call("findSymbol", new Class<?>[] {long.class, String.class}, handle, name);
    return Function.getFunction(new Pointer(address));
  }

  private static Object call(String name, Class<?>[] types, Object... args) {
    try {
      Method method = Native.class.getDeclaredMethod(name, types);
      method.setAccessible(true);
      return method.invoke(null, args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new HelperException("JNA cannot call " + name, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new HelperException("this JNA has no Native." + name, e);
    }
  }
}
