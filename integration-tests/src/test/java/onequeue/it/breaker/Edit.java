package onequeue.it.breaker;

import static net.bytebuddy.jar.asm.Opcodes.ALOAD;
import static net.bytebuddy.jar.asm.Opcodes.ASM9;
import static net.bytebuddy.jar.asm.Opcodes.ATHROW;
import static net.bytebuddy.jar.asm.Opcodes.DUP;
import static net.bytebuddy.jar.asm.Opcodes.GETSTATIC;
import static net.bytebuddy.jar.asm.Opcodes.ICONST_0;
import static net.bytebuddy.jar.asm.Opcodes.ICONST_1;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESPECIAL;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESTATIC;
import static net.bytebuddy.jar.asm.Opcodes.INVOKEVIRTUAL;
import static net.bytebuddy.jar.asm.Opcodes.IRETURN;
import static net.bytebuddy.jar.asm.Opcodes.LADD;
import static net.bytebuddy.jar.asm.Opcodes.LCONST_1;
import static net.bytebuddy.jar.asm.Opcodes.NEW;
import static net.bytebuddy.jar.asm.Opcodes.POP;
import static net.bytebuddy.jar.asm.Opcodes.POP2;
import static net.bytebuddy.jar.asm.Opcodes.PUTFIELD;
import static net.bytebuddy.jar.asm.Opcodes.RETURN;
import static net.bytebuddy.jar.asm.Opcodes.SWAP;

import java.util.function.Consumer;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/** What is done to a method. None adds a branch: the frames stay right. */
public interface Edit {
  String UNSAFE = "jdk/internal/misc/Unsafe";
  String OUT_OF_MEMORY = "java/lang/OutOfMemoryError";
  String INBOX = "onequeue/carrier/Inbox";
  String COROUTINE = "Lonequeue/carrier/Coroutine;";

  /** Longer than the trials' offsets mostly are. */
  long PAUSE_NANOS = 100_000;

  /**
   * @param out to be given the method as it is to be
   * @param done to be run when something was changed
   * @return reads the method as it is
   */
  MethodVisitor into(MethodVisitor out, Runnable done);

  /** The method begins with a pause in the kernel: what came before it is long ago afterwards. */
  static Edit pauseFirst() {
    return (out, done) ->
        new MethodVisitor(ASM9, out) {
          @Override
          public void visitCode() {
            super.visitCode();
            pause(out);
            done.run();
          }
        };
  }

  /** The same before the first call of that name. */
  static Edit pauseBefore(String called) {
    return replace(
        called,
        1,
        (out, opcode, owner, type) -> {
          pause(out);
          out.visitMethodInsn(opcode, owner, called, type.getDescriptor(), false);
        });
  }

  /** The method does nothing. */
  static Edit doNothing() {
    return body(out -> out.visitInsn(RETURN));
  }

  /** The method does nothing but give that answer. */
  static Edit answer(boolean answer) {
    return body(
        out -> {
          out.visitInsn(answer ? ICONST_1 : ICONST_0);
          out.visitInsn(IRETURN);
        });
  }

  /** The method fails as one that starts a thread does where there are too many. */
  static Edit fail() {
    return body(
        out -> {
          out.visitTypeInsn(NEW, OUT_OF_MEMORY);
          out.visitInsn(DUP);
          out.visitMethodInsn(INVOKESPECIAL, OUT_OF_MEMORY, "<init>", "()V", false);
          out.visitInsn(ATHROW);
        });
  }

  private static Edit body(Consumer<MethodVisitor> body) {
    return (out, done) ->
        new MethodVisitor(ASM9) {
          @Override
          public void visitCode() {
            out.visitCode();
            body.accept(out);
            out.visitMaxs(0, 0);
            out.visitEnd();
            done.run();
          }
        };
  }

  /**
   * One of the calls of that name is left out; its answer, if any, is false or 0.
   *
   * @param which counted from 1
   */
  static Edit leaveOut(String called, int which) {
    return replace(
        called,
        which,
        (out, opcode, owner, type) -> {
          Type[] arguments = type.getArgumentTypes();
          for (int i = arguments.length - 1; i >= 0; i--) {
            out.visitInsn(arguments[i].getSize() == 2 ? POP2 : POP);
          }
          if (opcode != INVOKESTATIC) {
            out.visitInsn(POP);
          }
          if (type.getReturnType() != Type.VOID_TYPE) {
            out.visitInsn(ICONST_0);
          }
        });
  }

  /** A compare-and-set of a number becomes an addition, which always succeeds. */
  static Edit claimByAdding() {
    return replace(
        "compareAndSetLong",
        1,
        (out, opcode, owner, type) -> {
          out.visitInsn(POP2);
          out.visitInsn(POP2);
          out.visitInsn(LCONST_1);
          unsafe(out, "getAndAddLong", "(Ljava/lang/Object;JJ)J");
          out.visitInsn(POP2);
          out.visitInsn(ICONST_1);
        });
  }

  /**
   * The first compare-and-set becomes a write, which always succeeds.
   *
   * @param what is set: Int or Reference
   */
  static Edit claimByWriting(String what) {
    return replace(
        "compareAndSet" + what,
        1,
        (out, opcode, owner, type) -> {
          Type value = type.getArgumentTypes()[2];
          out.visitInsn(SWAP);
          out.visitInsn(POP);
          unsafe(out, "put" + what + "Volatile", "(Ljava/lang/Object;J" + value + ")V");
          out.visitInsn(ICONST_1);
        });
  }

  /** The inbox's exchange with nothing becomes a look, a pause and a write. */
  static Edit emptyInTwoSteps() {
    return replace(
        "getAndSetReference",
        1,
        (out, opcode, owner, type) -> {
          out.visitInsn(POP);
          unsafe(out, "getReferenceVolatile", "(Ljava/lang/Object;J)Ljava/lang/Object;");
          pause(out);
          out.visitVarInsn(ALOAD, 0);
          out.visitFieldInsn(GETSTATIC, INBOX, "BOTTOM", COROUTINE);
          out.visitFieldInsn(PUTFIELD, INBOX, "top", COROUTINE);
        });
  }

  /**
   * A carrier's own timed wait; from a thread's code on a carrier it holds that one up likewise.
   */
  private static void pause(MethodVisitor out) {
    out.visitMethodInsn(INVOKESTATIC, "java/lang/System", "nanoTime", "()J", false);
    out.visitLdcInsn(PAUSE_NANOS);
    out.visitInsn(LADD);
    out.visitMethodInsn(INVOKESTATIC, "onequeue/queue/Native", "rest", "(J)Z", false);
    out.visitInsn(POP);
  }

  private static void unsafe(MethodVisitor out, String name, String descriptor) {
    out.visitMethodInsn(INVOKEVIRTUAL, UNSAFE, name, descriptor, false);
  }

  private static Edit replace(String called, int which, Code code) {
    return (out, done) ->
        new MethodVisitor(ASM9, out) {
          private int count;

          @Override
          public void visitMethodInsn(
              int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            if (name.equals(called) && ++count == which) {
              code.write(out, opcode, owner, Type.getMethodType(descriptor));
              done.run();
            } else {
              super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
            }
          }
        };
  }

  /** What stands in place of a call: takes its arguments from the stack and leaves its answer. */
  interface Code {
    void write(MethodVisitor out, int opcode, String owner, Type type);
  }
}
