package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for a change in the file system. */
@Name("onequeue.Watch")
@Label("Watch Wait")
@Description("A thread waited for a change in the file system")
public final class WatchEvent extends WaitEvent {}
