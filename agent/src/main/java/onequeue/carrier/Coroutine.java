package onequeue.carrier;

import java.util.concurrent.Executor;

/**
 * What we know of one virtual thread. It stands in the thread's field {@code scheduler}, so that it
 * is found by one load, and is asked whenever the thread becomes runnable.
 */
public final class Coroutine implements Executor {
  /** The platform thread of the program that this one runs, or null. */
  final Adopted adopted;

  /** The virtual thread, once it is made. */
  Thread thread;

  /** The inbox's link; of whoever holds this coroutine. */
  Coroutine below;

  /** The file channel, as its set of threads, that the thread is in or was in last; its own. */
  Object channel;

  /** Likewise, the one before. A transfer enters two: that which it was called on is the first. */
  Object outerChannel;

  /** What came of the operation that the thread has in the ring, or {@link FileRing#UNDER_WAY}. */
  volatile int ringResult;

  /** Who waits for the ring behind this one. */
  Coroutine ringNext;

  private Runnable continuation;

  Coroutine(Adopted adopted) {
    this.adopted = adopted;
  }

  /**
   * The thread is runnable. By any thread, pinned if it is a virtual one.
   *
   * @param task the same each time: what {@link #run} does
   */
  @Override
  public void execute(Runnable task) {
    if (continuation != task) {
      continuation = task;
    }
    Carriers.submit(this);
  }

  /** Runs the thread until it waits, on a carrier. Does nothing if it is not runnable any more. */
  void run() {
    continuation.run();
  }
}
