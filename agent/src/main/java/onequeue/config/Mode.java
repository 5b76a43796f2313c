package onequeue.config;

/** What the agent does with waits. */
public enum Mode {
  /** Nothing is changed; waits are reported while a recording runs. */
  OBSERVE(1),
  /** Every wait goes through the one queue. */
  UNIFY(2),
  /** As unify, and the program's platform threads run as virtual ones. */
  COROUTINE(3);

  /** The first JDK that has what coroutine needs: virtual threads that leave monitors. */
  public static final int COROUTINE_JDK = 24;

  private final int number;

  Mode(int number) {
    this.number = number;
  }

  /** The number in {@code enum oq_mode} of onequeue.h. */
  public int number() {
    return number;
  }
}
