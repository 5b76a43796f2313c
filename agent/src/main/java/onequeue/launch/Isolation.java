package onequeue.launch;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The loader of everything the application must not see: the classes under {@code isolated/} in our
 * jar, libraries included.
 *
 * <p>They form one named module in a layer of its own, because only a named module can be granted
 * native access from inside; an unnamed one makes JDK 24 and later warn.
 *
 * <p>No lambdas, streams or string templates here or in what starts the agent: the first of each
 * costs the program's start some 10 ms.
 */
final class Isolation extends ClassLoader implements Function<String, ClassLoader>, Consumer<File> {
  static final String MODULE = "onequeue.isolated";
  private static final String ROOM = "isolated/";

  static {
    registerAsParallelCapable();
  }

  private final File jar;
  private final JarFile entries;
  private File libraries;
  private File unpacked;

  private Isolation(File jar) throws IOException {
    super("onequeue", ClassLoader.getPlatformClassLoader());
    this.jar = jar;
    this.entries = new JarFile(jar, false);
  }

  /** The jar this class came from. */
  static File ownJar() {
    CodeSource source = Isolation.class.getProtectionDomain().getCodeSource();
    return new File(URI.create(source.getLocation().toString()));
  }

  /** Called by {@link Premain}, by name. */
  static void start(String args, Instrumentation instrumentation) throws Exception {
    File jar = ownJar();
    Isolation.of(jar)
        .loadClass("onequeue.hook.Agent")
        .getMethod("start", String.class, Instrumentation.class, File.class)
        .invoke(null, args, instrumentation, jar);
  }

  static ClassLoader of(File jar) throws IOException {
    Isolation loader = new Isolation(jar);
    if (loader.bytes("packages.txt") == null) {
      throw new IOException(jar + " is not the agent's jar; take it off the class path");
    }
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(loader.finder(), ModuleFinder.of(), Set.of(MODULE));
    ModuleLayer.Controller layer = ModuleLayer.defineModules(configuration, List.of(boot), loader);
    Module isolated = layer.layer().findModule(MODULE).orElseThrow();
    for (Module module : boot.modules()) {
      layer.addReads(isolated, module);
    }
    layer.addReads(isolated, loader.getUnnamedModule());
    return loader;
  }

  /**
   * Names the directory for native libraries that are looked up from now on; null ends that and
   * deletes them. Left alone, JNA would unpack its own into the user's home.
   */
  @Override
  public void accept(File directory) {
    libraries = directory;
    if (directory == null && unpacked != null) {
      unpacked.delete();
    }
  }

  @Override
  public ClassLoader apply(String moduleName) {
    return this;
  }

  private ModuleFinder finder() {
    ModuleDescriptor descriptor =
        ModuleDescriptor.newOpenModule(MODULE).packages(packages()).build();
    ModuleReference reference =
        new ModuleReference(descriptor, jar.toURI()) {
          @Override
          public ModuleReader open() {
            throw new UnsupportedOperationException("classes come from the loader");
          }
        };
    return new ModuleFinder() {
      @Override
      public Optional<ModuleReference> find(String name) {
        return name.equals(MODULE) ? Optional.of(reference) : Optional.empty();
      }

      @Override
      public Set<ModuleReference> findAll() {
        return Set.of(reference);
      }
    };
  }

  /** Written at build time: to scan the jar here would cost more than all else in this class. */
  private Set<String> packages() {
    return Set.of(new String(bytes("packages.txt"), StandardCharsets.UTF_8).trim().split("\n"));
  }

  @Override
  protected Class<?> findClass(String moduleName, String name) {
    try {
      return findClass(name);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = bytes(name.replace('.', '/').concat(".class"));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  protected URL findResource(String moduleName, String name) {
    return findResource(name);
  }

  @Override
  protected URL findResource(String name) {
    byte[] bytes = bytes(name);
    try {
      if (bytes != null && libraries != null && name.endsWith(".so")) {
        return unpack(bytes).toURI().toURL();
      }
      return bytes == null ? null : new URL(null, "onequeue:" + name, handler(bytes));
    } catch (IOException e) {
      return null;
    }
  }

  private File unpack(byte[] bytes) throws IOException {
    unpacked = new File(libraries, "onequeue-jna-" + Long.toHexString(System.nanoTime()) + ".so");
    Files.write(unpacked.toPath(), bytes, CREATE_NEW, WRITE);
    return unpacked;
  }

  private byte[] bytes(String name) {
    JarEntry entry = entries.getJarEntry(ROOM + name);
    if (entry == null) {
      return null;
    }
    byte[] bytes = new byte[(int) entry.getSize()]; // some hundred classes: no buffers for each
    try (InputStream in = entries.getInputStream(entry)) {
      if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new EOFException(name);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URLStreamHandler handler(byte[] bytes) {
    return new URLStreamHandler() {
      @Override
      protected URLConnection openConnection(URL url) {
        return new URLConnection(url) {
          @Override
          public void connect() {}

          @Override
          public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
          }
        };
      }
    };
  }
}
