package onequeue.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The program starts a platform thread in mode coroutine. Its stack is that of the starter. */
@Name("onequeue.Adoption")
@Label("Adoption")
@Category("One Queue")
@Description("The program started a thread that now runs as a virtual one, or was left as it is")
@StackTrace(true)
public final class AdoptionEvent extends Event {
  @Label("Started Thread")
  public String startedThread;

  @Label("Class")
  public Class<?> threadClass;

  @Label("Adopted")
  public boolean adopted;

  @Label("Reason")
  @Description("Why it was not adopted")
  public String reason;
}
