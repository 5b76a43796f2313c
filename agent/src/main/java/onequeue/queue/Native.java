package onequeue.queue;

import java.io.FileDescriptor;

/**
 * The native helper's functions that Java calls, bound by the helper itself when it attaches.
 *
 * <p>Any thread may call any of them; none blocks, none throws. Before the helper is attached they
 * all throw {@link UnsatisfiedLinkError}.
 */
public final class Native {
  private Native() {}

  /**
   * Puts our native in place of the JDK's, or the JDK's back.
   *
   * @param seam the ordinal of the seam
   * @param ours true for ours, false for the JDK's
   * @return 0, -ENOENT when the original cannot be found, -EINVAL when the class has no such native
   */
  public static int bind(
      int seam, Class<?> type, String className, String method, String descriptor, boolean ours) {
    // One frame of the boot loader between us and the caller: the VM warns when code of another
    // loader registers natives of the JDK.
    return bind0(seam, type, className, method, descriptor, ours);
  }

  private static native int bind0(
      int seam, Class<?> type, String className, String method, String descriptor, boolean ours);

  /**
   * Calls the static native once with arguments that the original answers at once.
   *
   * @param none a descriptor that is not open
   * @param makesDescriptors whether what it returns is to be closed
   */
  public static native void callOnce(
      Class<?> type,
      String className,
      String method,
      String descriptor,
      FileDescriptor none,
      boolean makesDescriptors);

  /** How often the hook of the seam was called, by all threads so far. */
  public static native long fired(int seam);

  /** How many waits of the kind there were, by all threads so far. */
  public static native long waits(int kind);

  /** Counts a wait of the kind, of the calling thread, that no hook has seen. */
  public static native void waited(int kind);

  /** One of the queue's figures: a {@link Figure} by its ordinal. */
  public static native long figure(int which);

  /** Writes the text of the status page, UTF-8, cut at 60 KiB. */
  public static native void text(byte[] utf8);

  /** Names the class whose static methods report waits. */
  public static native boolean recorder(Class<?> recorder);

  /**
   * Starts or stops reporting.
   *
   * @param stockPark let the VM park, because the recording wants its own event for that
   * @param stockSleep the same for sleep
   */
  public static native void recording(boolean on, boolean stockPark, boolean stockSleep);

  /** Whether reads that are known to block may be answered without the kernel; at first not. */
  public static native void answerReads(boolean on);

  /** The address or path of a wait under way, in the file system's encoding. */
  public static native byte[] resource(long report);

  /** The descriptor of a wait under way, or -1. */
  public static native int descriptor(long report);

  /**
   * What a thread waits for that polls the descriptor: a {@link Kind} by its ordinal.
   *
   * @param events POLLIN or POLLOUT
   */
  public static native int kindOf(int descriptor, int events);

  /** Address or path of an open descriptor, in the file system's encoding. */
  public static native byte[] describe(int descriptor);

  /** The calling thread begins (1) or ends (-1) to wait for work in a pool. */
  public static native void idle(int change);

  /** The calling thread's waits are, from here on, reported by the caller as one. */
  public static native void enterOuter();

  /**
   * Ends what {@link #enterOuter} began.
   *
   * @param out gets the number of waits, the last one's outcome and its ready-to-run delay in ns
   * @return who ended the last wait, or null
   */
  public static native Thread leaveOuter(long[] out);

  /**
   * Has the VM tell no tool any more of each switch between virtual threads, until one comes that
   * wants to hear of it. Before the first virtual thread is made.
   *
   * @return 0, or -errno: -EBUSY when there is a tool, -ENOENT when the VM is not as known
   */
  public static native int stopTransitionNotices();

  /** Makes the port that carriers wait at; false when there is no descriptor left for it. */
  public static native boolean openCarrierPort();

  /** Address of the readiness table. */
  public static native long table();

  /** How many descriptors it has room for. */
  public static native int tableSize();

  /** Registers a descriptor at the carrier port; 0 or -errno. */
  public static native int watch(int fd);

  /**
   * Waits at the carrier port. The one native here that blocks.
   *
   * @param out address of room for max words, each {@code fd << 2 | 1 (in) | 2 (out)}, or, for the
   *     end of what was submitted, the sign bit, the tag << 32 and the result in the lower half
   * @param deadlineNanos on the monotonic clock; 0 to glance, -1 to wait without end
   * @return how many words were written; 0 also when kicked
   */
  public static native int look(long out, int max, long deadlineNanos);

  /**
   * Makes the ring for file operations, if there is none.
   *
   * @return 0, -EBUSY while another thread does so, or another -errno, which is for good
   */
  public static native int openRing();

  /** Why there is no ring, UTF-8; null as long as there is no reason. */
  public static native byte[] ringTrouble();

  /**
   * Has the kernel make a file operation by itself, whose end {@link #look} will tell once.
   *
   * @param tag less than 128, of one operation at a time
   * @param what the ordinal of one of {@code enum oq_ring_what} in queue.h
   * @param address of memory that is the kernel's until then
   * @param count bytes, or struct iovecs
   * @param at where in the file
   * @return 0, or -errno when nothing was begun
   */
  public static native int submit(int tag, int what, int fd, long address, int count, long at);

  /** Ends the wait of whoever waits at the carrier port. */
  public static native void kickCarriers();

  /** Makes the calling thread a carrier; returns its own port for {@link #rouse}, or 0. */
  public static native long carrier();

  /**
   * Waits at the calling carrier's own port. Blocks.
   *
   * @param deadlineNanos on the monotonic clock, -1 for without end
   * @return false when the time was over
   */
  public static native boolean rest(long deadlineNanos);

  /** Ends the rest, or the next one, of the carrier with that port. */
  public static native void rouse(long port);

  /**
   * The VM is about to end: who waits in the queue for no descriptor waits in the VM from here on,
   * or stays there for good if it is one of our own.
   */
  public static native void leave();

  /**
   * CPU time that this machine had left since its start, ns: all processors' idle time, and what
   * they spent on processes that give way; -1 when the kernel does not tell.
   */
  public static native long spareCpu();

  /** How long the carrier with that port had to wait for a processor so far, ns, or -1. */
  public static native long runDelay(long port);

  /** How many reads and writes the carriers that live now have made so far. */
  public static native long carrierCalls();

  /** Whether the descriptor has an error or a hang-up that the next call on it will say. */
  public static native boolean isBroken(int fd);

  /**
   * What the descriptor is to a virtual thread: bits of {@code enum oq_file} in queue.h; they stand
   * in the readiness table too. 0 when the number is beyond that table.
   */
  public static native int fileHow(int fd);

  /**
   * Reads what is there at once.
   *
   * @param address of room for len bytes, more than 0
   * @param at where in the file, or -1 for its position, which moves on
   * @return how many bytes, 0 at the end, or -errno: -EAGAIN when it would wait
   */
  public static native int tryRead(int fd, long address, int len, long at);

  /** Likewise into {@code count} pieces of memory, at the file's position. */
  public static native long tryReadv(int fd, long address, int count);

  /** Writes what there is room for at once, at the file's position; likewise. */
  public static native int tryWrite(int fd, long address, int len);

  /** Likewise into an array, at the file's position; fewer bytes than are there if len is large. */
  public static native int tryReadBytes(int fd, byte[] to, int off, int len);

  /** Likewise from an array. */
  public static native int tryWriteBytes(int fd, byte[] from, int off, int len);

  /**
   * Moves a file's position.
   *
   * @param at -1 to leave it where it is
   * @return where it is, or -errno
   */
  public static native long seek(int fd, long at);

  /** Leaves the calling thread's errno as if a call of its own had failed so. */
  public static native void setErrno(int errno);

  /** A descriptor for the same open file, or -errno. */
  public static native int duplicate(int fd);

  /** Closes what {@link #duplicate} gave. */
  public static native void closeDuplicate(int fd);

  /** A descriptor to wait on for others that {@link #joinWatcher} adds, or -errno. */
  public static native int openWatcher();

  /** 0, or -errno. */
  public static native int joinWatcher(int watcher, int fd);

  /** How many of the two that have joined are ready, or -errno. */
  public static native int lookAtWatcher(int watcher);

  /** Closes what {@link #openWatcher} gave. */
  public static native void closeWatcher(int watcher);

  /**
   * Begins to wait for the end of a process, child or not. Callers take turns, also with {@link
   * #forgetProcess}.
   *
   * @return the descriptor of the process, or -errno
   */
  public static native int watchProcess(long pid);

  /**
   * Waits until one of them has ended. Blocks.
   *
   * @return its descriptor, of which nobody else is told, or -errno
   */
  public static native int awaitProcess();

  /** Closes the descriptor of a process. */
  public static native void forgetProcess(int descriptor);
}
