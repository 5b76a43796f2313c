package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited in a selector. */
@Name("onequeue.Select")
@Label("Select Wait")
@Description("A thread waited in a selector")
public final class SelectEvent extends WaitEvent {}
