package onequeue.it.programs;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Blocks in each operation and ends the wait from outside: by close, or by interrupt. */
public final class TransparencyBlocked {
  private TransparencyBlocked() {}

  /**
   * @param args {@code close} or {@code interrupt}
   */
  public static void main(String[] args) throws Exception {
    for (Map.Entry<String, TransparencyOps.Maker> entry : TransparencyOps.all().entrySet()) {
      TransparencyOps.Op op = entry.getValue().make();
      String end = args[0].equals("close") ? close(op) : interrupt(op);
      System.out.println(entry.getKey() + ": " + end);
      closeAll(op);
      if (args[0].equals("interrupt") && op.interruptible()) {
        System.out.println("  interrupted before: " + before(entry.getValue().make()));
      }
    }
  }

  private static String close(TransparencyOps.Op op) throws Exception {
    TransparencyWatch watch = TransparencyWatch.start(op.call());
    String state = watch.blocked();
    op.target().close();
    return state + " -> " + watch.end() + "; again: " + TransparencyWatch.outcome(op.call());
  }

  private static String interrupt(TransparencyOps.Op op) throws Exception {
    TransparencyWatch watch = TransparencyWatch.start(op.call());
    String text = watch.blocked();
    watch.thread().interrupt();
    if (!op.interruptible()) {
      text += " -> " + watch.blocked();
      op.target().close();
    }
    return text + " -> " + watch.end();
  }

  /** A call by a thread that is interrupted already. */
  private static String before(TransparencyOps.Op op) throws IOException {
    Thread.currentThread().interrupt();
    String outcome = TransparencyWatch.outcome(op.call());
    closeAll(op);
    return outcome;
  }

  private static void closeAll(TransparencyOps.Op op) throws IOException {
    op.target().close();
    for (Closeable closeable : op.rest()) {
      closeable.close();
    }
  }
}
