package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import onequeue.queue.Figure;
import onequeue.queue.Kind;
import onequeue.queue.Native;

/** The queue itself, once a second. Numbers of waits are totals since the agent started. */
@Name("onequeue.QueueStatistics")
@Label("Queue Statistics")
@Category("One Queue")
@Description("The queue's own figures; waits are totals since the start")
@Period("1 s")
@StackTrace(false)
public final class QueueStatisticsEvent extends Event {
  @Label("Accept Waits")
  public long accepts;

  @Label("Connect Waits")
  public long connects;

  @Label("Read Waits")
  public long reads;

  @Label("Write Waits")
  public long writes;

  @Label("Datagram Waits")
  public long datagrams;

  @Label("Select Waits")
  public long selects;

  @Label("Sleeps")
  public long sleeps;

  @Label("Parks")
  public long parks;

  @Label("File Waits")
  public long files;

  @Label("Watch Waits")
  public long watches;

  @Label("Process Waits")
  public long processes;

  @Label("Lookup Waits")
  public long lookups;

  @Label("Threads with a Port")
  public long ports;

  @Label("Port Budget")
  public long portBudget;

  @Label("Waits over Budget")
  @Description("Waits that stayed stock because the share of descriptors was used up")
  public long overBudget;

  @Label("Ready Ports")
  @Description("Ports and selectors with an event that nobody had taken yet, 64 at most")
  public long readyPorts;

  /** Called by Flight Recorder's own thread, once a period. */
  static void emit() {
    QueueStatisticsEvent event = new QueueStatisticsEvent();
    event.accepts = Native.waits(Kind.ACCEPT.ordinal());
    event.connects = Native.waits(Kind.CONNECT.ordinal());
    event.reads = Native.waits(Kind.READ.ordinal());
    event.writes = Native.waits(Kind.WRITE.ordinal());
    event.datagrams = Native.waits(Kind.DATAGRAM.ordinal());
    event.selects = Native.waits(Kind.SELECT.ordinal());
    event.sleeps = Native.waits(Kind.SLEEP.ordinal());
    event.parks = Native.waits(Kind.PARK.ordinal());
    event.files = Native.waits(Kind.FILE.ordinal());
    event.watches = Native.waits(Kind.WATCH.ordinal());
    event.processes = Native.waits(Kind.PROCESS.ordinal());
    event.lookups = Native.waits(Kind.LOOKUP.ordinal());
    event.ports = Native.figure(Figure.PORTS_OPEN.ordinal());
    event.portBudget = Native.figure(Figure.PORT_BUDGET.ordinal());
    event.overBudget = Native.figure(Figure.OVER_BUDGET.ordinal());
    event.readyPorts = Native.figure(Figure.READY_NOW.ordinal());
    event.commit();
  }
}
