package onequeue.it.programs;

import java.io.Closeable;
import java.util.Map;

/** The state of a thread that waits in a socket, a channel, a pipe or a selector. */
public final class AdoptionStates {
  private AdoptionStates() {}

  /** Prints it, as it is seen from outside. */
  public static void main(String[] args) throws Exception {
    for (Map.Entry<String, TransparencyOps.Maker> entry : TransparencyOps.all().entrySet()) {
      TransparencyOps.Op op = entry.getValue().make();
      TransparencyWatch watch = TransparencyWatch.start(op.call());
      System.out.println(entry.getKey() + ": " + watch.blocked());
      op.target().close();
      watch.end();
      for (Closeable closeable : op.rest()) {
        closeable.close();
      }
    }
  }
}
