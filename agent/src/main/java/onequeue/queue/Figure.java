package onequeue.queue;

/** The queue's own figures, in the order of native_figure in natives.c. */
public enum Figure {
  PORTS_OPEN,
  PORT_BUDGET,
  SELECTORS,
  OVER_BUDGET,
  REBUILT
}
