/*
 * How a selector's keys come and go, and how reads of them are answered: "Keys that come and go" of
 * queue.h, selector.c, and the reads of hook_socket.c, with the names used there. One statement here
 * is one atomic access there, one system call, or what a thread does on its own; all are in one order,
 * as those of C are.
 *
 * One key of one selector, which has been dropped once. The peer sends a piece at any time, and ends
 * the stream once, whatever is unread then. Between two waits the program takes the key up, drops it
 * or leaves it; a wait can end at any time for another reason: its time, or another key. The
 * selector's thread, between waits, and a worker read whenever they like, told or not, one at a time;
 * a read takes a part of what there is, exactly that, or all and is short. None of this has a budget.
 *
 * What must hold:
 *   - A wait that does not report the key has found that it was not wanted, or that there was nothing;
 *     or what there was has been read meanwhile. So no data and no end of the stream are lost, and
 *     what nobody sees to is reported at wait after wait. A thread that would sleep is one whose wait
 *     may end for another reason: that is looked at in its stead.
 *   - A read that is answered "would block" could have got that from the kernel at some moment since
 *     its thread began its last call before, and since the last wait that reported what was there.
 *     The end of the stream counts from the first wait that found it and reported the key, or the
 *     first read that found it: before, it could as well have come later.
 *
 * Left out: lives of the descriptor and second selectors; interests other than EPOLLIN; errors and
 * urgent data, which are marked as the end is; reads that pass us by, which change the kernel alone;
 * lists without memory, and waits that return less than is ready; streams that come in parts; carriers
 * that go on to another virtual thread, which is one more call; writes, from which a thread learns
 * nothing; and how much a lapse costs: all numbers are small here, and a lapse costs one.
 *
 * A broken twin for each step of the protocol, all of which must be found out. Of the first property:
 *   NO_LOOK               a read says DRAINED whatever came since: it did not set LOOK before
 *   DRAINED_FIRST         a read says DRAINED before, and READY after if it did not take all
 *   UNMARKED_EDGE         an edge does not set READY
 *   NO_END                key_ended is not looked at
 *   NO_LOOK_OF_KERNEL     a key that is not known to be drained is taken up without the kernel
 *   NOT_REMEMBERED        a key with an edge that nobody has looked at is not put into the ready list
 *   NO_LOOK_AT_READY      who waits does not look at the ready list before
 *   TOLD_ONCE             who waits does not look at what the last wait has told
 *   LEVEL_IN_NAME         a key that is made level-triggered stays as it is in the kernel
 * Of the second:
 *   ANSWERS_TWICE         dry_fd is not forgotten by the read that is answered
 *   KEEPS_DRY             nor by other calls of the thread
 *   ANSWERS_IN_DOUBT      whether the key is drained still is not asked
 *   ANSWERS_THE_END       nor whether the end has been seen
 *   ANSWERS_UNTOLD        also after a read of what no edge had told of: its end is in no mark
 *   ADD_SAYS_LOOK         a key that is added while it is read looks to that read as it had left it
 *   EDGE_TOO_EARLY        a key that is added is edge before it says so
 *   ADD_FORGETS_THE_END   a key that is added again has not ended
 * And one that nothing is done about:
 *   EARLY_END             the end counts from the moment it is there. A thread that was told of it in
 *                         another way, after the report and before it read, finds it one read later.
 * NO_ANSWERS: oq.answers is off.
 */
#ifndef SIZE
#define SIZE 2 /* of what is read at once, in pieces */
#endif
#ifndef AHEAD
#define AHEAD (SIZE + 1) /* so many pieces can be unread */
#endif
#ifndef CREDIT_MOST
#define CREDIT_MOST 2
#endif
#ifndef REPEATS_MOST
#define REPEATS_MOST 1
#endif

/* Threads that read. */
#define SELECTOR 0
#define WORKER 1

/* The connection, and what the kernel has of it in the selector's epoll. */
#define NONE 0
#define LEVEL 1
#define EDGE 2
byte unread;
bit end;
byte item = NONE;
bit queued; /* an edge, or what ADD or MOD has found */

/* enum oq_ready; ADDED: likewise nothing is known, and no read of before can know it. */
#define DRAINED 0
#define LOOK 1
#define READY 2
#define ADDED 3

/* struct oq_fd, of a key that has been dropped once. */
bit key_edge;
byte key_in = LOOK;
bit key_ended;
byte key_credit = CREDIT_MOST;
byte key_repeats;
bit key_wanted; /* by the program, edge or not */

bit told, ready; /* struct oq_selector: whether the key is in the list */
bit dry[2];      /* dry_fd of each thread's port */
bit locked;      /* the channel, by a thread that reads */

/* What the program can know. */
bit nothing[2];       /* was there to be read, at some moment since the thread began its last call */
bit nothingBefore[2]; /* likewise the call before */
bit endKnown;
bit missed; /* what the last wait found there has not all been read since */
bit ended;  /* the last wait found the end */

#ifdef EARLY_END
#define END_KNOWN end
#else
#define END_KNOWN endKnown
#endif
#define IS_READY (unread > 0 || end)

proctype Peer() {
  do
  :: d_step { unread < AHEAD && !end -> unread++; queued = (item == EDGE) }
  :: d_step { !end -> end = 1; queued = (item == EDGE) }
  od
}

/* ---- system calls ---- */

inline epollCtl(how) {
  d_step { item = how; queued = (how == EDGE && IS_READY) }
}

inline epollWait() {
  atomic {
    event = (item == LEVEL || queued) && IS_READY;
    ended = end;
    queued = 0;
    missed = IS_READY
  }
}

inline recv() {
  d_step {
    if
    :: unread >= SIZE -> unread = unread - SIZE; some = 1; all = 0
    :: unread < SIZE -> some = (unread > 0); all = (some || !end); unread = 0
    fi;
    missed = missed && (unread > 0 || ended);
    endKnown = endKnown || (!some && !all);
    if
    :: unread == 0 && !END_KNOWN ->
      nothing[SELECTOR] = 1;
      nothing[WORKER] = 1;
      nothingBefore[SELECTOR] = 1;
      nothingBefore[WORKER] = 1
    :: unread > 0 || END_KNOWN
    fi
  }
}

/* ---- any thread ---- */

inline beginCall(me) {
  nothingBefore[me] = nothing[me];
  nothing[me] = (unread == 0 && !END_KNOWN)
}

/* drained: two accesses. Macros, since spin takes no label for a parameter. */
#define IS_DRAINED_ELSE(elsewhere) if :: key_in == DRAINED :: key_in != DRAINED -> goto elsewhere fi
#define NOT_ENDED_ELSE(elsewhere) if :: !key_ended :: key_ended -> goto elsewhere fi
#define DRAINED_ELSE(elsewhere) IS_DRAINED_ELSE(elsewhere); NOT_ENDED_ELSE(elsewhere)
#define DRY_ELSE(elsewhere) DRAINED_ELSE(elsewhere)
#ifdef NO_END
#undef NOT_ENDED_ELSE
#define NOT_ENDED_ELSE(elsewhere) skip
#endif
#ifdef ANSWERS_THE_END
#undef DRY_ELSE
#define DRY_ELSE(elsewhere) IS_DRAINED_ELSE(elsewhere)
#endif
#ifdef ANSWERS_IN_DOUBT
#undef DRY_ELSE
#define DRY_ELSE(elsewhere) skip
#endif

/* stock_read, with oq_key_answers before. */
inline read(me) {
  d_step { !locked -> locked = 1; beginCall(me) }
  if
  :: !dry[me]
  :: d_step { dry[me] ->
#ifndef ANSWERS_TWICE
      dry[me] = 0
#endif
    }
    if
    :: !key_edge -> goto readNow
    :: key_edge
    fi;
    DRY_ELSE(readNow);
    assert(nothingBefore[me]);
    goto hasRead
  fi;

readNow: /* oq_key_before_read */
  if
  :: !key_edge
  :: key_edge -> marked = 1;
#ifdef NO_LOOK
    found = key_in
#elif defined(DRAINED_FIRST)
    d_step { found = key_in; key_in = DRAINED }
#else
    d_step { found = key_in; key_in = LOOK }
#endif
  fi;

  recv();

  /* oq_key_after_read, oq_key_is_dry */
  if
  :: marked && all ->
#ifdef NO_LOOK
    key_in = DRAINED;
#elif !defined(DRAINED_FIRST)
    if
    :: d_step { key_in == LOOK -> key_in = DRAINED }
    :: key_in != LOOK
    fi;
#endif
    if
#ifdef ANSWERS_UNTOLD
    :: !some
    :: some ->
#else
    :: !some || found != READY
    :: some && found == READY ->
#endif
#ifndef NO_ANSWERS
      DRY_ELSE(hasRead);
      dry[me] = 1
#else
      skip
#endif
    fi
  :: marked && !all
#ifdef DRAINED_FIRST
    -> key_in = READY
#endif
  :: !marked
  fi;

hasRead:
  atomic { locked = 0; marked = 0; all = 0; some = 0; found = 0 }
}

proctype Worker() {
  byte found;
  bit marked, all, some;
  do
  :: read(WORKER)
  :: d_step { /* any other call: oq_enter */
      beginCall(WORKER)
#ifndef KEEPS_DRY
      ; dry[WORKER] = 0
#endif
    }
  od
}

/* ---- the thread that is inside the selector ---- */

inline lapse() {
  d_step { key_edge = 0; key_credit = key_credit - (key_credit > 0) }
}

inline makeLevel() {
  lapse();
#ifndef LEVEL_IN_NAME
  epollCtl(LEVEL)
#endif
}

proctype Selector() {
  byte found;
  bit marked, all, some, event, others, hurry, reported;

program:
  if
  :: read(SELECTOR)
    goto program
  :: key_wanted -> goto drop
  :: !key_wanted -> goto takeUp
  :: goto beforeWait
  fi;

drop:
  key_wanted = 0;
  if
  :: key_edge
  :: !key_edge -> epollCtl(NONE)
  fi;
  goto beforeWait;

takeUp:
  atomic { key_wanted = 1; key_repeats = 0 }
  if
  :: !key_edge && key_credit == 0 ->
    epollCtl(LEVEL);
    goto beforeWait
  :: !key_edge && key_credit > 0 -> /* add_edge */
#ifdef ADD_FORGETS_THE_END
    key_ended = 0;
#endif
#ifdef EDGE_TOO_EARLY
    key_edge = 1;
#endif
#ifdef ADD_SAYS_LOOK
    key_in = LOOK;
#else
    key_in = ADDED;
#endif
    key_edge = 1;
    epollCtl(EDGE);
    goto beforeWait
  :: key_edge -> key_credit = key_credit + (key_credit < CREDIT_MOST)
  fi;
  DRAINED_ELSE(isNotDrained);
  goto beforeWait;
isNotDrained:
  if
  :: key_in == READY ->
#ifndef NOT_REMEMBERED
    ready = 1
#endif
  :: key_in != READY ->
#ifndef NO_LOOK_OF_KERNEL
    d_step { queued = queued || IS_READY }
#endif
  fi;

beforeWait:
  atomic {
    beginCall(SELECTOR);
    dry[SELECTOR] = 0
  }
  if
  :: !told
  :: d_step { told && !(key_edge && key_wanted) -> told = 0 }
  :: told && key_edge && key_wanted -> told = 0;
#ifndef TOLD_ONCE
    DRAINED_ELSE(repeat);
    goto wait;
repeat:
    key_repeats++;
    if
    :: key_repeats <= REPEATS_MOST && key_in == READY -> ready = 1
    :: key_repeats > REPEATS_MOST || key_in != READY -> makeLevel()
    fi
#endif
  fi;

wait:
#ifndef NO_LOOK_AT_READY
  hurry = ready;
#endif
again:
  epollWait();
  if
  :: others = 1
  :: others = 0
  fi;
  if
  :: !event && !others && !hurry -> goto done
  :: event && key_edge -> /* take_edge */
    if
    :: ended -> key_ended = 1
    :: !ended
    fi;
#ifndef UNMARKED_EDGE
    key_in = READY;
#endif
    if
    :: key_wanted -> told = 1; reported = 1
    :: !key_wanted && key_credit > 1 -> key_credit--
    :: !key_wanted && key_credit <= 1 ->
      lapse();
      epollCtl(NONE)
    fi
  :: event && !key_edge -> reported = 1
  :: !event && (others || hurry)
  fi;
  /* add_ready */
  if
  :: !ready
  :: ready -> ready = 0;
    if
    :: !key_edge || !key_wanted
    :: key_edge && key_wanted ->
      DRAINED_ELSE(isReady);
      goto sifted;
isReady:
      told = 1; reported = 1
    fi
  fi;
sifted:
  if
  :: !reported && !others -> hurry = 0; goto again
  :: goto done
  fi;

done:
  atomic {
    assert(reported || !key_wanted || !missed);
    if
    :: reported ->
      endKnown = endKnown || ended;
      nothing[SELECTOR] = nothing[SELECTOR] && !missed;
      nothing[WORKER] = nothing[WORKER] && !missed
    :: !reported
    fi;
    event = 0; others = 0; hurry = 0; reported = 0
  }
  goto program
}

init {
  atomic {
    run Peer();
    run Worker();
    run Selector()
  }
}
