package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import onequeue.queue.Hooks;

/** The carriers, once a second, when there are any. */
@Name("onequeue.CarrierStatistics")
@Label("Carrier Statistics")
@Category("One Queue")
@Description("The kernel threads that run virtual threads")
@Period("1 s")
@StackTrace(false)
public final class CarrierStatisticsEvent extends Event {
  @Label("Carriers")
  public long carriers;

  @Label("At Once")
  @Description("How many may run at once; fewer than there are when other processes want the cores")
  public long atOnce;

  @Label("Running")
  public long running;

  @Label("Stuck")
  public long stuck;

  @Label("Queued Threads")
  @Description("Virtual threads that could run and wait for a carrier")
  public long queued;

  @Label("Switches")
  @Description("How often a virtual thread was switched to, since the start")
  public long switches;

  @Label("Adopted Threads")
  public long adopted;

  @Label("File Operations by the Kernel")
  @Description("Those of virtual threads that waited for the disk in io_uring, since the start")
  public long fileOperationsByKernel;

  @Label("File Operations by Helpers")
  @Description("Those of virtual threads that a helper thread waited for, since the start")
  public long fileOperationsByHelpers;

  /** Called by Flight Recorder's own thread, once a period. */
  static void emit() {
    Hooks.Scheduling scheduling = Hooks.scheduling;
    if (scheduling == null) {
      return;
    }
    long[] figures = scheduling.figures();
    CarrierStatisticsEvent event = new CarrierStatisticsEvent();
    event.carriers = figures[0];
    event.atOnce = figures[1];
    event.running = figures[2];
    event.stuck = figures[3];
    event.queued = figures[4];
    event.switches = figures[5];
    event.adopted = figures[6];
    event.fileOperationsByKernel = figures[7];
    event.fileOperationsByHelpers = figures[8];
    event.commit();
  }
}
