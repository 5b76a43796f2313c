package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A pool's thread waited for work. A type of its own, so that these do not drown the rest. */
@Name("onequeue.Idle")
@Label("Idle Pool Thread")
@Description("A pool's thread waited for work")
@Enabled(false)
public final class IdleEvent extends WaitEvent {}
