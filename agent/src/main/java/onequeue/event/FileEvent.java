package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread was put aside until a file operation was done. */
@Name("onequeue.File")
@Label("File Wait")
@Description("A thread was put aside until a file operation was done")
public final class FileEvent extends WaitEvent {}
