package onequeue.it.breaker;

import static onequeue.it.breaker.Edit.answer;
import static onequeue.it.breaker.Edit.claimByAdding;
import static onequeue.it.breaker.Edit.claimByWriting;
import static onequeue.it.breaker.Edit.doNothing;
import static onequeue.it.breaker.Edit.emptyInTwoSteps;
import static onequeue.it.breaker.Edit.fail;
import static onequeue.it.breaker.Edit.leaveOut;
import static onequeue.it.breaker.Edit.pauseBefore;
import static onequeue.it.breaker.Edit.pauseFirst;

import java.util.List;
import java.util.stream.Stream;

/**
 * The scheduler with one protocol broken, and without the helpers that would make up for it in
 * time.
 *
 * <p>Where the mistake only shows when another thread comes in between two steps, there is a pause
 * between them: otherwise it would take a machine with two free cores to see it. Neither the pauses
 * nor the missing helpers do harm by themselves, as the first two show, which are not broken.
 */
public enum Twin {
  /** Not broken, with the pauses of all the others. */
  PAUSES(
      in("Carriers", "idle", pauseFirst()),
      in("Readiness", "awaitEdge", pauseFirst()),
      in("Coroutine", "await", pauseBefore("compareAndSetInt")),
      in("Coroutine", "leave", pauseBefore("compareAndSetInt")),
      in("RunQueue", "take", pauseBefore("compareAndSetLong")),
      in("Inbox", "emptyInto", pauseBefore("getAndSetReference"))),

  /** Not broken, without the helpers that others have to do without. */
  NO_HELP(
      in("Carriers", "shareWork", doNothing()),
      in("Steward", "look", doNothing()),
      in("Carriers", "idle", pauseFirst())),

  /** Carriers cannot be started. */
  NO_CARRIERS(in("Carriers", "start", fail())),

  /** A carrier publishes that it waits, and waits; no other comes by and looks. */
  NO_SECOND_LOOK(
      in("Carriers", "hasWork", answer(false)),
      in("Carriers", "shareWork", doNothing()),
      in("Carriers", "idle", pauseFirst())),

  /** Who brings work leaves those that wait alone; and the steward rouses nobody. */
  NO_WAKER(in("Carriers", "wakeOne", doNothing()), in("Steward", "look", doNothing())),

  /** An earlier deadline is kept to itself. */
  NO_KICK(in("Carriers", "schedule", leaveOut("kickCarriers", 1))),

  /** Who begins to wait on a descriptor does not look for an edge that came just before. */
  NO_LOOK_AT_THE_MARK(
      in("Readiness", "awaitEdge", leaveOut("getByteVolatile", 2)),
      in("Readiness", "awaitEdge", pauseFirst())),

  /** Who begins to wait does not see that it was woken just before. */
  NO_LOOK_AT_WOKEN(
      in("Coroutine", "await", pauseBefore("compareAndSetInt")),
      in("Coroutine", "await", claimByWriting("Int"))),

  /** A carrier puts a thread that leaves it in no queue although it was woken meanwhile. */
  NO_LOOK_WHEN_AWAY(
      in("Coroutine", "leave", pauseBefore("compareAndSetInt")),
      in("Coroutine", "leave", claimByWriting("Int"))),

  /** Who wakes a thread that is pinned leaves its carrier at rest. */
  NO_KICK_WHERE_PINNED(in("Coroutine", "endWait", leaveOut("rouse", 1))),

  /** A thread that never has to wait keeps its carrier, and no other comes to help. */
  NO_TURNS(
      in("Carrier", "isTurnOver", answer(false)),
      in("Carriers", "shareWork", doNothing()),
      in("Steward", "look", doNothing())),

  /** An interrupt does not end what is no park. */
  NO_WORD_OF_INTERRUPTS(in("VirtualThreads", "interrupted", doNothing())),

  /** An interrupt before a wait that cannot be interrupted stays in its way. */
  NO_LOOK_AT_THE_STATUS(in("Adopted", "shield", leaveOut("isInterrupted", 1))),

  /** Two takers of one task count as takers of two. */
  NO_CLAIM(
      in("RunQueue", "take", pauseBefore("compareAndSetLong")),
      in("RunQueue", "take", claimByAdding())),

  /** What is in the inbox, and put there once more, is linked to itself. */
  NO_LOOK_AT_THE_LINK(in("Inbox", "put", claimByWriting("Reference"))),

  /** What is put while the inbox is emptied is emptied away. */
  NO_EXCHANGE(in("Inbox", "emptyInto", emptyInTwoSteps()));

  /** One edit of one method of the scheduler. */
  public record Change(String type, String method, Edit edit) {
    @Override
    public String toString() {
      return type + "." + method;
    }
  }

  /** On a noisy machine the governor lets one carrier run alone: then nobody meets anybody. */
  private static final Change NO_GOVERNOR = in("Governor", "tick", doNothing());

  /** Carriers wake one another for the least bit of work, and so meet as often as can be. */
  private static final Change EAGER = in("Carrier", "hasWorkToShare", answer(true));

  private final List<Change> changes;

  Twin(Change... changes) {
    this.changes = List.of(changes);
  }

  /** What is done, with what all twins have in common. */
  public List<Change> changes() {
    return Stream.concat(changes.stream(), Stream.of(NO_GOVERNOR, EAGER)).toList();
  }

  private static Change in(String type, String method, Edit edit) {
    return new Change("onequeue/carrier/" + type, method, edit);
  }
}
