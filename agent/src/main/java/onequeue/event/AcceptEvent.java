package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for a connection to accept. */
@Name("onequeue.Accept")
@Label("Accept Wait")
@Description("A thread waited for a connection to accept")
public final class AcceptEvent extends WaitEvent {}
