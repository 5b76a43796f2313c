package onequeue.hook;

import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.pool.TypePool;

/** Copies advice into a class file, in a way that the VM accepts for a class it has loaded. */
final class Weaver {
  private Weaver() {}

  /** The methods, by name, that an advice goes into. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Into {
    String[] value();
  }

  static byte[] weave(String className, byte[] bytes, Class<?> advice) {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(className, bytes),
            ClassFileLocator.ForClassLoader.of(Weaver.class.getClassLoader()));
    TypePool pool = TypePool.Default.of(locator);
    TypeDescription type = pool.describe(className).resolve();
    return new ByteBuddy()
        .with(TypeValidation.DISABLED)
        .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
        .with(Implementation.Context.Disabled.Factory.INSTANCE) // no new members
        .redefine(type, locator)
        .visit(
            Advice.to(pool.describe(advice.getName()).resolve(), locator)
                .on(namedOneOf(advice.getAnnotation(Into.class).value())))
        .make()
        .getBytes();
  }
}
