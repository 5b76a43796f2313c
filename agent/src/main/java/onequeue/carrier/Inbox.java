package onequeue.carrier;

import jdk.internal.misc.Unsafe;

/** Coroutines made runnable by threads that are no carriers. Anyone puts, anyone takes all. */
final class Inbox {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TOP = U.objectFieldOffset(Inbox.class, "top");

  private volatile Node top;

  void put(Coroutine task) {
    Node node = new Node(task);
    do {
      node.next = top;
    } while (!U.compareAndSetReference(this, TOP, node.next, node));
  }

  boolean isEmpty() {
    return top == null;
  }

  /** Moves all that is here to the end of the queue of the calling carrier, oldest first. */
  boolean emptyInto(RunQueue queue) {
    if (top == null) {
      return false;
    }
    Node node = reverse((Node) U.getAndSetReference(this, TOP, null));
    for (Node each = node; each != null; each = each.next) {
      queue.put(each.task);
    }
    return node != null;
  }

  private static Node reverse(Node node) {
    Node reversed = null;
    while (node != null) {
      Node next = node.next;
      node.next = reversed;
      reversed = node;
      node = next;
    }
    return reversed;
  }

  private static final class Node {
    private final Coroutine task;
    private Node next;

    private Node(Coroutine task) {
      this.task = task;
    }
  }
}
