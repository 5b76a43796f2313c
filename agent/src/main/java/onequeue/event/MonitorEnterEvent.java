package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A virtual thread waited for a monitor that another thread had. Reported by its carrier. */
@Name("onequeue.MonitorEnter")
@Label("Monitor Enter")
@Category("One Queue")
@Description("A virtual thread waited for a monitor; of platform threads, see Java Monitor Blocked")
@StackTrace(false)
@Threshold("10 ms")
public final class MonitorEnterEvent extends Event {
  @Label("Virtual Thread")
  public Thread virtualThread;

  @Label("Stack")
  @Description("Where it waited; its first line is the method that wanted the monitor")
  public String stack;
}
