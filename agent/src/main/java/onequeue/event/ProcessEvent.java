package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for the end of a process that the program had started. */
@Name("onequeue.Process")
@Label("Process Wait")
@Description("A thread waited for the end of a process")
public final class ProcessEvent extends WaitEvent {}
