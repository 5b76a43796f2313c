package onequeue.carrier;

/**
 * What {@code Thread.currentThread()} becomes in the program's classes. A copy of this class is put
 * into the package java.lang, the one that every class loader finds.
 */
public final class ProgramThread {
  private ProgramThread() {}

  /** The program's own object for the running thread. */
  public static Thread currentThread() {
    return Adoption.handle(Thread.currentThread());
  }
}
