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
#ifndef BRINGERS
#define BRINGERS 1
#endif
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

inline countRunning(n, i) {
  d_step { n = 0; i = 0 }
  do
  :: d_step { i < CARRIERS -> n = n + (state[i] == RUNNING); i++ }
  :: else -> i = 0; break
  od
}

inline wakeResting(i) {
  i = 0;
  do
  :: i < CARRIERS ->
    if
    :: d_step { state[i] == RESTING -> state[i] = RUNNING }
      roused[i] = 1;
      break
    :: state[i] != RESTING -> i++
    fi
  :: else -> break
  od;
  i = 0
}

inline hasWork(answer, i) {
#ifdef NO_SECOND_LOOK
  answer = 0;
#else
  d_step { answer = (inbox > 0); i = 0 }
  do
  :: d_step { i < CARRIERS && !answer -> answer = (lane[i] > 0); i++ }
  :: else -> i = 0; break
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
  inbox++;
#ifndef NO_WAKER
  waiting = poller;
  if
  :: d_step { waiting != NOBODY && state[waiting] == POLLING -> state[waiting] = RUNNING }
    kicked = 1
  :: waiting == NOBODY || state[waiting] != POLLING ->
    countRunning(n, i);
    if
    :: n == 0 -> wakeResting(i)
    :: else
    fi
  fi
#endif
}

proctype Carrier(byte me) {
  byte n, i, until;
  bit work;

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
  if
  :: d_step { lane[me] > 0 -> lane[me]-- }
    goto execute
  :: lane[me] == 0
  fi;
  if
  :: inbox > 0 -> emptyInbox(); goto take
  :: inbox == 0
  fi;
  do
  :: d_step { i < CARRIERS && lane[i] > 0 -> lane[i]--; i = 0 }
    goto execute
  :: d_step { i < CARRIERS && lane[i] == 0 -> i++ }
  :: i == CARRIERS -> i = 0; break
  od;
  goto idle;

execute:
  if
  :: true
  :: atomic { !timed -> timed = 1; timer = SOON }
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
  :: n > ALLOWED -> n = 0; goto stepAside
  :: else -> n = 0
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
  :: poller == NOBODY || work -> work = 0
  fi;
  state[me] = RUNNING;
  goto next;

stepAside:
  atomic {
    inbox = inbox + lane[me];
    lane[me] = 0
  }
  state[me] = RESTING;
  countRunning(n, i);
#ifdef NO_LOOK_ASIDE
  n = 1;
#endif
  if
  :: n >= 1 -> n = 0; rest()
  :: n == 0
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
  work = 0;
  until = 0;
  wakesAt = LONG_AGO;
  state[me] = RUNNING;
  poller = NOBODY;
  if
  :: true
  :: atomic { timer == SOON -> timer = NEVER; lane[me]++ }
  fi;
  emptyInbox();
  if
  :: true
  :: wakeResting(i) /* Carriers.shareWork */
  fi;
  goto take;

glance:
  if
  :: true
  :: atomic { timer == SOON -> timer = NEVER; lane[me]++ }
  fi;
  emptyInbox();
  countRunning(n, i);
  if
  :: n > ALLOWED -> n = 0; goto stepAside
  :: else -> n = 0; goto take
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
