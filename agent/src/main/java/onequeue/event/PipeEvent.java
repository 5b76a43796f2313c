package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for bytes from a pipe, or for room in it. */
@Name("onequeue.Pipe")
@Label("Pipe Wait")
@Description("A thread waited for bytes from a pipe, or for room in it")
public final class PipeEvent extends WaitEvent {}
