package onequeue.it.breaker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Changes the scheduler's classes as they are defined, and prints each change. Ends the VM if there
 * is nothing to change.
 */
public final class Breaker implements ClassFileTransformer {
  private static final int FAILED = 3;

  private final Twin twin;

  private Breaker(Twin twin) {
    this.twin = twin;
  }

  /** Called by the VM, before the program. */
  public static void premain(String twin, Instrumentation instrumentation) {
    instrumentation.addTransformer(new Breaker(Twin.valueOf(twin)));
  }

  /** A jar that makes this class an agent; the class itself is on the program's class path. */
  public static Path jar(Path directory) {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(new Attributes.Name("Premain-Class"), Breaker.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        ClassReader.class.getProtectionDomain().getCodeSource().getLocation().toString());
    Path jar = directory.resolve("breaker.jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (loader != null) {
      return null;
    }
    try {
      // The agent defines its classes without telling their names.
      return broken(name != null ? name : new ClassReader(bytes).getClassName(), bytes);
    } catch (Throwable e) {
      e.printStackTrace(); // the VM would say nothing, and go on with a class that is whole
      Runtime.getRuntime().halt(FAILED);
      throw e;
    }
  }

  /** Null when nothing is to be done to that type. */
  private byte[] broken(String type, byte[] bytes) {
    byte[] result = null;
    for (Twin.Change change : twin.changes()) {
      if (change.type().equals(type)) {
        result = change(result == null ? bytes : result, change);
      }
    }
    return result;
  }

  private static byte[] change(byte[] bytes, Twin.Change change) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    int[] changed = new int[1];
    reader.accept(new Changed(writer, change, () -> changed[0]++), 0);
    if (changed[0] != 1) {
      throw new IllegalStateException(changed[0] + " places changed by " + change);
    }
    System.out.println("changed " + change);
    return writer.toByteArray();
  }

  private static final class Changed extends ClassVisitor {
    private final Twin.Change change;
    private final Runnable done;

    private Changed(ClassVisitor out, Twin.Change change, Runnable done) {
      super(Opcodes.ASM9, out);
      this.change = change;
      this.done = done;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor out = super.visitMethod(access, name, descriptor, signature, exceptions);
      return name.equals(change.method())
          ? change.edit().into(out, Type.getMethodType(descriptor), done)
          : out;
    }
  }
}
