package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for room to write to a socket. */
@Name("onequeue.Write")
@Label("Socket Write Wait")
@Description("A thread waited for room to write to a socket")
public final class WriteEvent extends WaitEvent {}
