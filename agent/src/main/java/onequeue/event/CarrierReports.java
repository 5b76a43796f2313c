package onequeue.event;

import onequeue.queue.Hooks;
import onequeue.queue.Kind;

/** Turns what the carriers report into events, and what idle virtual threads do. */
final class CarrierReports implements Hooks.Reports {
  private static final int FRAMES_MAX = 40;

  @Override
  public void stuck(Thread carrier, Thread thread, StackTraceElement[] stack, int carriers) {
    StuckCarrierEvent event = new StuckCarrierEvent();
    if (event.isEnabled()) {
      event.carrier = carrier;
      event.virtualThread = thread;
      event.stack = text(stack);
      event.carriers = carriers;
      event.commit();
    }
  }

  @Override
  public void started(Thread thread, String reasonNotAdopted) {
    AdoptionEvent event = new AdoptionEvent();
    if (event.isEnabled()) {
      event.startedThread = thread.getName();
      event.threadClass = thread.getClass();
      event.adopted = reasonNotAdopted == null;
      event.reason = reasonNotAdopted;
      event.commit();
    }
  }

  @Override
  public Object begin(Kind kind, int descriptor, String resource) {
    return VirtualWaits.begin(kind, descriptor, resource, -1);
  }

  @Override
  public void ready(Thread thread) {
    VirtualWaits.ready(thread);
  }

  @Override
  public void end(Object wait) {
    VirtualWaits.end(wait, false);
  }

  @Override
  public void idle() {
    VirtualWaits.idle();
  }

  @Override
  public void busy() {
    VirtualWaits.busy();
  }

  static String text(StackTraceElement[] stack) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < stack.length && i < FRAMES_MAX; i++) {
      text.append(i == 0 ? "" : "\n").append(stack[i]);
    }
    return text.toString();
  }
}
