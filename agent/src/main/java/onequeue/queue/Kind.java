package onequeue.queue;

/** What a thread waits for. In the order of {@code enum oq_kind} in onequeue.h. */
public enum Kind {
  ACCEPT,
  CONNECT,
  READ,
  WRITE,
  DATAGRAM,
  PIPE,
  SELECT,
  SLEEP,
  PARK,
  FILE,
  WATCH,
  PROCESS,
  LOOKUP,
  IDLE
}
