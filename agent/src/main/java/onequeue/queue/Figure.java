package onequeue.queue;

/** The queue's own figures, in the order of native_figure in natives.c. */
public enum Figure {
  PORTS_OPEN,
  PORT_BUDGET,
  SELECTORS,
  OVER_BUDGET,
  REBUILT,
  /** Asks the tree's root: ports and selectors that are ready now, 64 at most. */
  READY_NOW
}
