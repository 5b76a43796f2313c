package onequeue.nativehelper;

/** The native helper cannot be used. The message is for the user: what is wrong, what to do. */
public final class HelperException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param cause may be null
   */
  public HelperException(String message, Throwable cause) {
    super(message, cause);
  }
}
