package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread was parked: a lock, a queue, a future. */
@Name("onequeue.Park")
@Label("Park")
@Description("A thread was parked: a lock, a queue, a future")
public final class ParkEvent extends WaitEvent {}
