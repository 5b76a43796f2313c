package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A virtual thread waited in {@code Object.wait}; the JDK itself reports platform threads. */
@Name("onequeue.MonitorWait")
@Label("Monitor Wait")
@Description("A virtual thread waited in Object.wait; of platform threads, see Java Monitor Wait")
public final class MonitorWaitEvent extends WaitEvent {}
