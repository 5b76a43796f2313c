package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A virtual thread does not let go of its carrier; the others go on elsewhere. */
@Name("onequeue.StuckCarrier")
@Label("Stuck Carrier")
@Category("One Queue")
@Description("A virtual thread does not let go of its carrier: native code, a file, a computation")
@StackTrace(false)
public final class StuckCarrierEvent extends Event {
  @Label("Carrier")
  public Thread carrier;

  @Label("Virtual Thread")
  public Thread virtualThread;

  @Label("Stack of the Virtual Thread")
  @Description("Where it was a moment after it was found stuck, a frame a line")
  public String stack;

  @Label("Carriers")
  @Description("How many there are now, spares and stuck ones included")
  public int carriers;
}
