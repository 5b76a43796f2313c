package onequeue.it.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The waker gives each member of a crowd a token, which goes from hand to hand; the waiter waits
 * until as many have arrived as were given out.
 */
final class WakeupCrowd implements WakeupTrials.Protocol {
  private static final int MEMBERS = 8;
  private static final int HANDS = 4;

  private final List<Member> members = new ArrayList<>();
  private final AtomicInteger underway = new AtomicInteger();
  private volatile Thread waiter;

  WakeupCrowd() {
    for (int i = 0; i < MEMBERS; i++) {
      members.add(new Member(i));
    }
    members.forEach(member -> member.thread.start());
  }

  @Override
  public void prepare(int trial) {
    underway.set(MEMBERS);
  }

  @Override
  public void await(int trial) {
    waiter = Thread.currentThread();
    while (underway.get() != 0) {
      LockSupport.park();
    }
  }

  @Override
  public void wake(int trial, Thread waiter) {
    for (Member member : members) {
      member.give(HANDS);
    }
  }

  private final class Member {
    private final Queue<Integer> tokens = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final int place;

    Member(int place) {
      this.place = place;
      thread = new Thread(this::pass, "member " + place);
      thread.setDaemon(true);
    }

    void give(int hands) {
      tokens.add(hands);
      LockSupport.unpark(thread);
    }

    private void pass() {
      while (true) {
        Integer hands = tokens.poll();
        if (hands == null) {
          LockSupport.park();
        } else if (hands > 0) {
          members.get((place + 1) % MEMBERS).give(hands - 1);
        } else if (underway.decrementAndGet() == 0) {
          LockSupport.unpark(waiter);
        }
      }
    }
  }
}
