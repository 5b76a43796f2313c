package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread slept. */
@Name("onequeue.Sleep")
@Label("Sleep")
@Description("A thread slept")
public final class SleepEvent extends WaitEvent {}
