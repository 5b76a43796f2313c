package onequeue.hook;

import static net.bytebuddy.matcher.ElementMatchers.hasDescriptor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import net.bytebuddy.jar.asm.commons.SimpleRemapper;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;

/** Copies advice into a class file, in a way that the VM accepts for a class it has loaded. */
final class Weaver {
  private static final TypePool.CacheProvider KNOWN =
      new TypePool.CacheProvider.Simple.UsingSoftReference();

  private Weaver() {}

  /** The methods that an advice goes into: by name, or by name and descriptor. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Into {
    String[] value();
  }

  /** A class that stands for no advice, but for calls in those methods that go elsewhere. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Instead {
    /** Name and descriptor of the static method that is not called any more. */
    String call();

    /** The class that has a static method of that name and descriptor. */
    Class<?> by();
  }

  /**
   * Byte Buddy's advice on ASM alone: its builder takes as long again, and loads three hundred
   * classes more, for what none of ours needs.
   */
  static byte[] weave(String className, byte[] bytes, List<Class<?>> advice) {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(className, bytes),
            ClassFileLocator.ForClassLoader.of(Weaver.class.getClassLoader()));
    TypePool pool = new TypePool.Default(KNOWN, locator, TypePool.Default.ReaderMode.FAST);
    TypeDescription type = pool.describe(className).resolve();
    List<AsmVisitorWrapper> visitors = new ArrayList<>();
    for (Class<?> each : advice) {
      visitors.add(visitor(each, pool, locator));
    }
    AsmVisitorWrapper all = new AsmVisitorWrapper.Compound(visitors);
    int reading = all.mergeReader(AsmVisitorWrapper.NO_FLAGS);
    int writing = all.mergeWriter(AsmVisitorWrapper.NO_FLAGS);
    ClassReader reader = OpenedClassReader.of(bytes);
    ClassWriter writer = new ClassWriter(reader, writing);
    reader.accept(
        all.wrap(
            type,
            writer,
            new NothingAdded(type, ClassFileVersion.ofClassFile(bytes)),
            pool,
            type.getDeclaredFields(),
            type.getDeclaredMethods(),
            writing,
            reading),
        reading);
    return writer.toByteArray();
  }

  /** A class that the VM has loaded gets no member that it had not. */
  private static final class NothingAdded extends Implementation.Context.Disabled {
    private NothingAdded(TypeDescription type, ClassFileVersion version) {
      super(type, version, FrameGeneration.GENERATE);
    }
  }

  private static AsmVisitorWrapper visitor(
      Class<?> advice, TypePool pool, ClassFileLocator locator) {
    Instead instead = advice.getAnnotation(Instead.class);
    return instead == null
        ? Advice.to(pool.describe(advice.getName()).resolve(), locator).on(methods(advice))
        : new AsmVisitorWrapper.ForDeclaredMethods()
            .method(
                methods(advice),
                (type, method, code, context, types, writing, reading) ->
                    new CallsInstead(code, instead));
  }

  /** By hand: {@code MemberSubstitution} takes a quarter of a second for its first one. */
  private static final class CallsInstead extends MethodVisitor {
    private final Instead instead;
    private boolean found;

    private CallsInstead(MethodVisitor code, Instead instead) {
      super(OpenedClassReader.ASM_API, code);
      this.instead = instead;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      boolean here = opcode == Opcodes.INVOKESTATIC && instead.call().equals(name + descriptor);
      found |= here;
      super.visitMethodInsn(
          opcode, here ? Type.getInternalName(instead.by()) : owner, name, descriptor, ofInterface);
    }

    @Override
    public void visitEnd() {
      if (!found) {
        throw new IllegalStateException("it does not call " + instead.call());
      }
      super.visitEnd();
    }
  }

  /** Throws when the class lacks a method that one of the advices is for. */
  static void check(Class<?> type, List<Class<?>> advice) throws NoSuchMethodException {
    Set<String> methods = new HashSet<>();
    for (Method method : type.getDeclaredMethods()) {
      MethodType signature =
          MethodType.methodType(method.getReturnType(), method.getParameterTypes());
      methods.add(method.getName());
      methods.add(method.getName() + signature.descriptorString());
    }
    for (Class<?> each : advice) {
      for (String method : each.getAnnotation(Into.class).value()) {
        if (!methods.contains(method)) {
          throw new NoSuchMethodException(type.getName() + "." + method);
        }
      }
    }
  }

  /** The same class under another name. */
  static byte[] rename(String className, byte[] bytes, String newName) {
    ClassWriter writer = new ClassWriter(0);
    Remapper names =
        new SimpleRemapper(
            OpenedClassReader.ASM_API, className.replace('.', '/'), newName.replace('.', '/'));
    OpenedClassReader.of(bytes).accept(new ClassRemapper(writer, names), 0);
    return writer.toByteArray();
  }

  private static ElementMatcher.Junction<MethodDescription> methods(Class<?> advice) {
    ElementMatcher.Junction<MethodDescription> methods = none();
    for (String text : advice.getAnnotation(Into.class).value()) {
      methods = methods.or(method(text));
    }
    return methods;
  }

  private static ElementMatcher.Junction<MethodDescription> method(String text) {
    int paren = text.indexOf('(');
    return paren < 0
        ? named(text)
        : ElementMatchers.<MethodDescription>named(text.substring(0, paren))
            .and(hasDescriptor(text.substring(paren)));
  }
}
