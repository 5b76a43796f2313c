/*
 * How carriers stop and are woken: onequeue.carrier.Carriers and Carrier, with the names used there.
 * Left out: the steward, who would make up for some losses in time; spares; and the governor, who
 * only counts: ALLOWED is as many as may run at once.
 *
 * Bringers put tasks into the inbox; a task, when it runs, may begin a timed wait, once. When nothing
 * can happen any more, every task must have been run and the timed wait be over.
 *
 * A broken twin for each step of the protocol, all of which must be found out:
 *   NO_SECOND_LOOK        no look for work after POLLING or RESTING was published
 *   NO_WAKER              who brings work changes no state
 *   NO_KICK               an earlier deadline does not kick the one who polls
 *   NO_SECOND_TIMER_LOOK  the deadline to wait for is read before wakesAt is published
 *   GLANCE_KEEPS_THE_KICK a look at the port that does not wait takes the kick away from one who does
 *   NO_LOOK_ASIDE         who steps aside does not look whether somebody else runs
 */
#ifndef CARRIERS
#define CARRIERS 2
#endif
#ifndef ALLOWED
#define ALLOWED CARRIERS
#endif
#define BRINGERS 2
#define NOBODY CARRIERS

/* Carrier.state */
#define RUNNING 0
#define RESTING 1
#define POLLING 2

/* A time: that of nobody who waits, of the one timer, and of no timer at all. */
#define LONG_AGO 0
#define SOON 1
#define NEVER 2

byte state[CARRIERS];
byte poller = NOBODY;
bit roused[CARRIERS];  /* Native.rouse: kept until the carrier rests */
bit kicked;            /* Native.kickCarriers: kept until somebody looks at the port */
byte inbox;
byte lane[CARRIERS];
byte timer = NEVER;    /* Lane.timers.nextNanos, of all lanes */
byte wakesAt = LONG_AGO;
bit timed;             /* the one timed wait has begun */

inline swing(success, who, from) {
  d_step {
    success = (state[who] == from);
    if
    :: success -> state[who] = RUNNING
    :: else
    fi
  }
}

inline countRunning(n, i) {
  n = 0;
  i = 0;
  do
  :: i < CARRIERS -> n = n + (state[i] == RUNNING); i++
  :: else -> break
  od
}

inline wakeResting(success, i) {
  i = 0;
  do
  :: i < CARRIERS ->
    swing(success, i, RESTING);
    if
    :: success -> roused[i] = 1; break
    :: else -> i++
    fi
  :: else -> break
  od
}

inline hasWork(answer, i) {
#ifdef NO_SECOND_LOOK
  answer = 0;
#else
  answer = (inbox > 0);
  i = 0;
  do
  :: i < CARRIERS && !answer -> answer = (lane[i] > 0); i++
  :: else -> break
  od
#endif
}

inline emptyInbox() {
  d_step {
    lane[me] = lane[me] + inbox;
    inbox = 0
  }
}

inline rest() {
  roused[me];
  roused[me] = 0
}

proctype Bringer() {
  byte waiting, n, i;
  bit success = 0;
  inbox++;
#ifndef NO_WAKER
  waiting = poller;
  if
  :: waiting != NOBODY -> swing(success, waiting, POLLING)
  :: else
  fi;
  if
  :: success -> kicked = 1
  :: else ->
    countRunning(n, i);
    if
    :: n == 0 -> wakeResting(success, i)
    :: else
    fi
  fi
#endif
}

proctype Carrier(byte me) {
  byte n, i, until;
  bit success, work;

next:
  /* At any switch it may be time to look at the port, and to see whether there are too many. */
  if
  :: true
  :: !kicked -> goto glance
  :: kicked ->
    kicked = 0;
#ifndef GLANCE_KEEPS_THE_KICK
    kicked = 1; /* it is for the one who waits */
#endif
    goto glance
  fi;
take:
  i = me;
  d_step {
    success = (lane[me] > 0);
    if
    :: success -> lane[me]--
    :: else
    fi
  }
  if
  :: success -> goto execute
  :: else
  fi;
  if
  :: inbox > 0 -> emptyInbox(); goto take
  :: else
  fi;
  i = 0;
  do
  :: i < CARRIERS ->
    d_step {
      success = (lane[i] > 0);
      if
      :: success -> lane[i]--
      :: else
      fi
    }
    if
    :: success -> goto execute
    :: else -> i++
    fi
  :: else -> break
  od;
  goto idle;

execute:
  if
  :: true
  :: d_step { !timed -> timed = 1; timer = SOON }
#ifndef NO_KICK
    if
    :: SOON < wakesAt -> kicked = 1
    :: else
    fi
#endif
  fi;
  goto next;

idle:
  countRunning(n, i);
  if
  :: n > ALLOWED -> goto stepAside
  :: else
  fi;
  if
  :: atomic { poller == NOBODY -> poller = me }
    goto poll
  :: poller != NOBODY
  fi;
  state[me] = RESTING;
  hasWork(work, i);
  if
  :: poller != NOBODY && !work -> rest()
  :: else
  fi;
  state[me] = RUNNING;
  goto next;

stepAside:
  d_step {
    inbox = inbox + lane[me];
    lane[me] = 0
  }
  state[me] = RESTING;
  countRunning(n, i);
#ifdef NO_LOOK_ASIDE
  n = 1;
#endif
  if
  :: n >= 1 -> rest()
  :: else
  fi;
  state[me] = RUNNING;
  goto next;

poll:
  state[me] = POLLING;
#ifdef NO_SECOND_TIMER_LOOK
  until = timer;
  wakesAt = until;
#else
  wakesAt = timer;
  until = timer;
#endif
  hasWork(work, i);
  if
  :: work
  :: else ->
    if
    :: kicked -> kicked = 0
    :: until == SOON /* the time comes */
    fi
  fi;
  wakesAt = LONG_AGO;
  state[me] = RUNNING;
  poller = NOBODY;
  if
  :: true
  :: d_step { timer == SOON -> timer = NEVER; lane[me]++ }
  fi;
  emptyInbox();
  if
  :: true
  :: wakeResting(success, i) /* Carriers.shareWork */
  fi;
  goto take;

glance:
  if
  :: true
  :: d_step { timer == SOON -> timer = NEVER; lane[me]++ }
  fi;
  emptyInbox();
  countRunning(n, i);
  if
  :: n > ALLOWED -> goto stepAside
  :: else -> goto take
  fi
}

init {
  byte i;
  atomic {
    for (i : 0 .. CARRIERS - 1) {
      run Carrier(i)
    }
    for (i : 1 .. BRINGERS) {
      run Bringer()
    }
  }
  /* Nothing else can happen. */
  timeout;
  assert(inbox == 0 && timer == NEVER);
  for (i : 0 .. CARRIERS - 1) {
    assert(lane[i] == 0)
  }
}
