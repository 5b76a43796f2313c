package onequeue.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for a datagram, or for room to send one. */
@Name("onequeue.Datagram")
@Label("Datagram Wait")
@Description("A thread waited for a datagram, or for room to send one")
public final class DatagramEvent extends WaitEvent {}
