package onequeue.control;

/** There is no status to show. The message is for the user: one line that says why. */
public final class StatusException extends Exception {
  private static final long serialVersionUID = 1;

  public StatusException(String message) {
    super(message);
  }

  public StatusException(String message, Throwable cause) {
    super(message, cause);
  }
}
