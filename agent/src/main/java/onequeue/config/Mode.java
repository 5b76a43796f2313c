package onequeue.config;

/** What the agent does with waits. */
public enum Mode {
  /** Nothing is changed; waits are reported while a recording runs. */
  OBSERVE(1),
  /** Every wait goes through the one queue. */
  UNIFY(2);

  private final int number;

  Mode(int number) {
    this.number = number;
  }

  /** The number in {@code enum oq_mode} of onequeue.h. */
  public int number() {
    return number;
  }
}
