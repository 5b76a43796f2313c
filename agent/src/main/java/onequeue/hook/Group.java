package onequeue.hook;

import static onequeue.hook.Seam.*;

import java.util.List;
import java.util.Locale;

/**
 * Seams that stand or fall together, with the switch that users know them by. Bound in this order,
 * and within a group in the order of its list.
 */
enum Group {
  /** First: a wait on a descriptor needs to be told of its close. */
  CLOSE(
      List.of(
          BLOCKING,
          SOCKET,
          Seam.PIPE,
          SIGNAL,
          PRECLOSE,
          CLOSE_INT,
          CLOSE_IO,
          CLEAN_IO,
          CLOSE_FS,
          Seam.CLOSE),
      List.of(SOCKET_UNIX)),
  /** Unpark before park: a thread must not wait where nobody can wake it. */
  PARK(List.of(UNPARK, INTERRUPT, Seam.PARK), List.of()),
  SLEEP(List.of(INTERRUPT, Seam.SLEEP), List.of()),
  SELECT(List.of(EPOLL_CREATE, EVENTFD_SET, Seam.SELECT), List.of()),
  /**
   * Interest that changes without the kernel; the events it does not tell apart are {@link
   * #SELECT}'s.
   */
  INTEREST(List.of(EPOLL_CTL), List.of()),
  POLL(List.of(Seam.POLL), List.of()),
  ACCEPT(List.of(Seam.ACCEPT), List.of(ACCEPT_UNIX)),
  CONNECT(List.of(Seam.CONNECT), List.of(CONNECT_UNIX)),
  READ(List.of(Seam.READ, READV), List.of()),
  /** Sockets have natives of their own only since JDK 21; on 17 they share the files'. */
  WRITE(List.of(), List.of(Seam.WRITE, WRITEV)),
  DATAGRAM(
      List.of(RECEIVE, SEND, DATAGRAM_READ, DATAGRAM_READV, DATAGRAM_WRITE, DATAGRAM_WRITEV),
      List.of()),
  FILE(
      List.of(FILE_READ, FILE_READV, FILE_PREAD, FILE_WRITE, FILE_WRITEV, FILE_PWRITE, FILE_FORCE),
      List.of(FILE_TRANSFER)),
  /** The streams of java.io and RandomAccessFile; of files they report only. */
  PIPE(
      List.of(
          STREAM_READ,
          STREAM_READ_BYTES,
          STREAM_WRITE,
          STREAM_WRITE_BYTES,
          RANDOM_READ,
          RANDOM_READ_BYTES,
          RANDOM_WRITE,
          RANDOM_WRITE_BYTES),
      List.of()),
  WATCH(List.of(Seam.WATCH), List.of()),
  LOOKUP(List.of(LOOKUP6, LOOKUP4, REVERSE6, REVERSE4), List.of());

  private final List<Seam> needed;
  private final List<Seam> optional;

  Group(List<Seam> needed, List<Seam> optional) {
    this.needed = needed;
    this.optional = optional;
  }

  /** Without all of these the group stays stock. */
  List<Seam> needed() {
    return needed;
  }

  List<Seam> optional() {
    return optional;
  }

  /** Whether a thread of this group waits on a descriptor, and so needs {@link #CLOSE}. */
  boolean onDescriptor() {
    return this != CLOSE && this != PARK && this != SLEEP && this != LOOKUP;
  }

  /** The name of the switch, for example {@code park}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
