package onequeue.queue;

/** How a wait ended. In the order of {@code enum oq_outcome} in onequeue.h. */
public enum Outcome {
  READY("ready"),
  TIMED_OUT("timed out"),
  UNPARKED("unparked"),
  INTERRUPTED("interrupted"),
  CLOSED("closed"),
  SPURIOUS("spurious");

  private static final Outcome[] ALL = values();

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** The words that events show, for example {@code timed out}. */
  public String text() {
    return text;
  }

  /** By the number that the native helper uses. */
  public static Outcome of(int number) {
    return ALL[number];
  }
}
