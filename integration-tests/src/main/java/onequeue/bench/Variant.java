package onequeue.bench;

import java.util.Locale;
import java.util.Optional;
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
  COROUTINE(Side.COROUTINE, ThreadKind.PLATFORM);

  private static final int OLDEST_JDK_WITH_VIRTUAL_THREADS = 21;

  private final Side side;
  private final ThreadKind kind;

  Variant(Side side, ThreadKind kind) {
    this.side = side;
    this.kind = kind;
  }

  /** How to run the JVM. */
  Side side() {
    return side;
  }

  /** What to tell the program. */
  ThreadKind kind() {
    return kind;
  }

  /** What keeps it from running on a release of the JDK, if anything does. */
  Optional<String> obstacle(int jdk) {
    return kind == ThreadKind.VIRTUAL && jdk < OLDEST_JDK_WITH_VIRTUAL_THREADS
        ? Optional.of("needs JDK " + OLDEST_JDK_WITH_VIRTUAL_THREADS)
        : side.obstacle(jdk);
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
