package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for its connection to be made. */
@Name("onequeue.Connect")
@Label("Connect Wait")
@Description("A thread waited for its connection to be made")
public final class ConnectEvent extends WaitEvent {}
