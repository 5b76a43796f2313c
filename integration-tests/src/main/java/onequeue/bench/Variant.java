package onequeue.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import onequeue.sample.Hello;
import onequeue.sample.ThreadKind;

/** A side, and the kind of thread that the program itself asks for on it. */
enum Variant {
  /** The JDK alone. */
  STOCK(Side.STOCK, ThreadKind.PLATFORM),
  /** The JDK alone, and a program that was changed to start virtual threads. */
  VIRTUAL(Side.STOCK, ThreadKind.VIRTUAL),
  /** The agent changes no wait and reports each. */
  OBSERVE(Side.OBSERVE, ThreadKind.PLATFORM),
  /** Every wait goes through the queue. */
  UNIFY(Side.UNIFY, ThreadKind.PLATFORM),
  /** The same with the changed program. */
  UNIFY_VIRTUAL(Side.UNIFY, ThreadKind.VIRTUAL),
  /** The platform threads of the unchanged program become coroutines. */
  COROUTINE(Side.COROUTINE, ThreadKind.PLATFORM),
  /** As unify-virtual, and what io_uring does is left to helper threads. */
  STOCK_URING(Side.UNIFY, ThreadKind.VIRTUAL, "uring"),
  /** As unify-virtual, and file operations are left to the JDK. */
  STOCK_FILE(Side.UNIFY, ThreadKind.VIRTUAL, "file");

  private static final int OLDEST_JDK_WITH_VIRTUAL_THREADS = 21;

  private final Side side;
  private final ThreadKind kind;
  private final List<String> jvmOptions;

  Variant(Side side, ThreadKind kind) {
    this.side = side;
    this.kind = kind;
    jvmOptions = List.of();
  }

  /**
   * @param stock a value of the agent's option of that name
   */
  Variant(Side side, ThreadKind kind, String stock) {
    this.side = side;
    this.kind = kind;
    jvmOptions = List.of("-Donequeue.stock=" + stock);
  }

  /** How to run the JVM. */
  Side side() {
    return side;
  }

  /** What to tell the program. */
  ThreadKind kind() {
    return kind;
  }

  /** How to run the JVM, besides what the side says. */
  List<String> jvmOptions() {
    return jvmOptions;
  }

  /** What keeps it from running on a release of the JDK, if anything does. */
  Optional<String> obstacle(int jdk) throws InterruptedException {
    if (kind == ThreadKind.VIRTUAL && jdk < OLDEST_JDK_WITH_VIRTUAL_THREADS) {
      return Optional.of("needs JDK " + OLDEST_JDK_WITH_VIRTUAL_THREADS);
    }
    return jvmOptions.isEmpty() ? side.obstacle(jdk) : refusal(jdk);
  }

  /** Of the agent, which does not know these options if it is older than they. */
  private Optional<String> refusal(int jdk) throws InterruptedException {
    try {
      Child.lines(new JavaCommand(Jdks.home(jdk), jvmOptions).of(side, Hello.class));
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of(refused.getMessage());
    }
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
