package onequeue.carrier;

import java.util.concurrent.Executor;

/**
 * What we know of one virtual thread. It stands in the thread's field {@code scheduler}, so that it
 * is found by one load, and is asked whenever the thread becomes runnable.
 */
public final class Coroutine implements Executor {
  /**
   * The program's own Thread object that this one runs, or null for a virtual thread of its own.
   */
  final Adopted adopted;

  Coroutine(Adopted adopted) {
    this.adopted = adopted;
  }

  /** The thread is runnable. By any thread, pinned if it is a virtual one. */
  @Override
  public void execute(Runnable continuation) {
    Carriers.submit(continuation);
  }
}
