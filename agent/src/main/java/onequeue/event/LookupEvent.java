package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for the address of a host name, or for the name of an address. */
@Name("onequeue.Lookup")
@Label("Name Lookup")
@Description("A thread waited for the address of a host name, or for the name of an address")
public final class LookupEvent extends WaitEvent {}
