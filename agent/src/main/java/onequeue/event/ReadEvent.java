package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for bytes to read from a socket. */
@Name("onequeue.Read")
@Label("Socket Read Wait")
@Description("A thread waited for bytes to read from a socket")
public final class ReadEvent extends WaitEvent {}
