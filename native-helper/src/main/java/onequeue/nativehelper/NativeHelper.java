package onequeue.nativehelper;

import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Linker;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The loaded native helper: the control functions of {@code onequeue.h}, called through JNA.
 *
 * <p>What a hook calls is not here: those natives the helper binds by itself (see {@link #attach}).
 */
public final class NativeHelper {
  /** The version of helper and status page. Keep in sync with OQ_ABI in onequeue.h. */
  public static final int ABI = 5;

  private static final int EALREADY = 114;
  private static final int PROBE_BYTES = 8192;
  private static final Map<String, Object> WITH_OBJECTS =
      Map.of(Library.OPTION_ALLOW_OBJECTS, true);

  private final Linker linker;

  private NativeHelper(Linker linker) {
    this.linker = linker;
  }

  /**
   * Unpacks the helper of this machine into {@code directory}, loads it and deletes the file again.
   *
   * @param directory where to unpack; null is {@code java.io.tmpdir}
   * @throws HelperException with a text for the user: what is wrong and what to do
   */
  public static NativeHelper load(Path directory) {
    Path where = directory != null ? directory : Path.of(System.getProperty("java.io.tmpdir"));
    Path file = unpack(where);
    Consumer<File> libraries = libraries();
    try {
      libraries.accept(where.toFile());
      return checked(new NativeHelper(Linker.open(file)));
    } catch (LinkageError e) {
      throw new HelperException(
          "cannot load the native helper from "
              + where
              + " ("
              + firstLine(e)
              + "); if that directory is mounted noexec, name another with the option"
              + " native-dir=DIR",
          e);
    } finally {
      libraries.accept(null);
      delete(file);
    }
  }

  /** Our loader, where JNA asks for its own library. Without our loader JNA goes its usual way. */
  @SuppressWarnings("unchecked")
  private static Consumer<File> libraries() {
    Object loader = NativeHelper.class.getClassLoader();
    return loader instanceof Consumer ? (Consumer<File>) loader : new NoLoader();
  }

  private static final class NoLoader implements Consumer<File> {
    @Override
    public void accept(File directory) {}
  }

  /** What the kernel allows, asked now; the order is that of the helper. */
  public Features probe() {
    byte[] text = new byte[PROBE_BYTES];
    int n = call("oq_probe", text, text.length);
    if (n < 0) {
      throw new HelperException("the native helper cannot probe the kernel: errno " + -n, null);
    }
    return Features.parse(new String(text, 0, n, StandardCharsets.UTF_8));
  }

  /**
   * Makes the queue and binds the natives of {@code nativeClass}.
   *
   * @param mode 1 observe, 2 unify
   * @throws HelperException when the queue cannot be made, or is there already
   */
  public void attach(Class<?> nativeClass, int mode, boolean withoutPwait2) {
    int r = call("oq_attach", JNIEnv.CURRENT, nativeClass, mode, withoutPwait2 ? 1 : 0);
    if (r == -EALREADY) {
      throw new HelperException("attached twice; the first one stays", null);
    }
    if (r < 0) {
      throw new HelperException(
          "cannot make the event queue: errno " + -r + "; is the descriptor limit used up?", null);
    }
  }

  private static NativeHelper checked(NativeHelper helper) {
    int abi = helper.call("oq_abi");
    if (abi != ABI) {
      throw new HelperException("the native helper speaks ABI " + abi + ", not " + ABI, null);
    }
    return helper;
  }

  private int call(String name, Object... args) {
    return (Integer) linker.function(name).invoke(int.class, args, WITH_OBJECTS);
  }

  private static Path unpack(Path directory) {
    String resource = "/onequeue/native/" + Platform.tag() + "/libonequeue.so";
    try (InputStream in = NativeHelper.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new HelperException(
            "this jar has no native helper for " + Platform.tag() + "; build it on such a machine",
            null);
      }
      // Not createTempFile: it starts SecureRandom, which costs more than all else here.
      Path file = directory.resolve("onequeue-" + Long.toHexString(System.nanoTime()) + ".so");
      Files.write(file, in.readAllBytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return file;
    } catch (IOException e) {
      throw new HelperException(
          "cannot write the native helper to "
              + directory
              + " ("
              + e.getClass().getSimpleName()
              + "); name a directory that can be written with the option native-dir=DIR",
          e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
