package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** What all waits have in common. The event's own duration is the length of the wait. */
@Category("One Queue")
@StackTrace(true)
@Threshold("10 ms")
public abstract class WaitEvent extends Event {
  @Label("Resource")
  @Description("What was waited on: an address, a path, a class; empty where there is none")
  public String resource;

  @Label("Descriptor")
  @Description("The file descriptor, or -1")
  public int descriptor;

  @Label("Timeout")
  @Description("How long the thread was willing to wait")
  @Timespan(Timespan.NANOSECONDS)
  public long timeout;

  @Label("Outcome")
  @Description("How the wait ended")
  public String outcome;

  @Label("Waker")
  @Description("The thread that ended the wait; none if the kernel or the clock did")
  public Thread waker;

  @Label("Ready to Run Delay")
  @Description("From the wake-up by the waker until the thread ran again")
  @Timespan(Timespan.NANOSECONDS)
  public long readyToRunDelay;

  @Label("Batch")
  @Description("How many events the wake-up that ended the wait brought")
  public int batch;

  @Label("Mode")
  @Description("What the agent did with the wait: observe or unify")
  public String mode;
}
