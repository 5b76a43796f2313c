/*
 * How carriers stop and are woken: onequeue.carrier.Carriers and Carrier, with the names used there.
 * One statement here is one access to a volatile there, or one that is atomic there too; all are in
 * one order, as those of Java are.
 *
 * Bringers put tasks into the inbox; a task, when it runs, may begin a timed wait, once. When nothing
 * can happen any more, every task must have been run, the timed wait be over, and somebody wait at
 * the port: whatever an edge is for would be forgotten else.
 *
 * Left out: the steward, who would make up for some losses in time; carriers that are stuck and their
 * spares; carriers without a port of their own; the governor, who only counts: ALLOWED is as many as
 * should run at once; and the edges, which a look at the port takes as it takes the clock. A thief
 * takes one task only.
 *
 * A broken twin for each step of the protocol, all of which must be found out:
 *   NO_SECOND_LOOK          no look for work after POLLING or RESTING was published
 *   NO_WAKER                who brings work changes no state
 *   NO_KICK                 an earlier deadline does not kick the one who polls
 *   NO_SECOND_TIMER_LOOK    the deadline to wait for is read before wakesAt is published
 *   NO_LOOK_AT_THE_POLLER   who is about to rest does not look whether somebody still polls
 *   GLANCE_KEEPS_THE_KICK   a look at the port that does not wait takes the kick from one who does
 *   NO_LOOK_ASIDE           who steps aside does not look whether somebody else runs
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
#ifndef TIMERS
#define TIMERS 1
#endif
#define NOBODY CARRIERS
#define LAST (CARRIERS - 1)

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
byte lane[CARRIERS];   /* filled by its carrier alone */
byte timer = NEVER;    /* Timers.nextNanos, of all lanes */
byte wakesAt = LONG_AGO;
byte toBegin = TIMERS; /* timed waits */

/* Carriers.running, one after another. */
inline countRunning() {
  do
  :: d_step { i < LAST -> n = n + (state[i] == RUNNING); i++ }
  :: d_step { i == LAST -> n = n + (state[i] == RUNNING); i = 0 } break
  od
}

/* By a carrier that runs. */
inline isSurplus() {
#if ALLOWED < CARRIERS
  countRunning();
  atomic { yes = (n > ALLOWED); n = 0 }
#else
  skip
#endif
}

inline hasWork() {
#ifdef NO_SECOND_LOOK
  skip
#else
  yes = (inbox > 0);
  do
  :: d_step { !yes && i < LAST -> yes = (lane[i] > 0); i++ }
  :: d_step { !yes && i == LAST -> yes = (lane[i] > 0); i = 0 } break
  :: d_step { yes -> i = 0 } break
  od
#endif
}

inline wakeResting() {
  do
  :: d_step { state[i] == RESTING -> state[i] = RUNNING }
    d_step { roused[i] = 1; i = 0; yes = 1 }
    break
  :: d_step { i < LAST && state[i] != RESTING -> i++ }
  :: d_step { i == LAST && state[i] != RESTING -> i = 0 } break
  od
}

/* Carrier.wakeFrom(POLLING) of the poller, if there is one. */
inline wakePoller() {
  waiting = poller;
  if
  :: d_step { waiting != NOBODY && state[waiting] == POLLING -> state[waiting] = RUNNING }
    d_step { kicked = 1; waiting = 0; yes = 1 }
  :: d_step { waiting == NOBODY || state[waiting] != POLLING -> waiting = 0 }
  fi
}

/* Carriers.submit, by a thread that is no carrier; then wakeOne. */
proctype Bringer() {
  byte waiting, n, i;
  bit yes;
  inbox++;
#ifndef NO_WAKER
  wakePoller();
  if
  :: yes
  :: !yes ->
    countRunning();
    if
    :: n == 0 -> wakeResting()
    :: n > 0
    fi
  fi;
#endif
  atomic { n = 0; yes = 0 }
}

inline rest() {
  d_step { roused[me] -> roused[me] = 0 }
}

proctype Carrier(byte me) {
  byte waiting, n, i, until;
  byte held; /* tasks on their way from one queue to another */
  bit yes;

next:
  if
  :: goto take
  :: !kicked -> goto deliver
  :: d_step { kicked -> kicked = 0 }
#ifndef GLANCE_KEEPS_THE_KICK
    kicked = 1; /* it is for the one who waits */
#endif
    goto deliver
  fi;

take:
  if
  :: d_step { lane[me] > 0 -> lane[me]-- }
    goto execute
  :: d_step { lane[me] == 0 && inbox > 0 -> held = inbox; inbox = 0 }
    d_step { lane[me] = held; held = 0 }
    goto take
  :: lane[me] == 0 && inbox == 0
  fi;
  do
  :: d_step { lane[i] > 0 -> lane[i]--; i = 0 }
    goto execute
  :: d_step { i < LAST && lane[i] == 0 -> i++ }
  :: d_step { i == LAST && lane[i] == 0 -> i = 0 }
    goto idle
  od;

execute:
  if
  :: skip
  :: d_step { toBegin > 0 -> toBegin--; timer = SOON }
#ifndef NO_KICK
    if
    :: SOON < wakesAt -> kicked = 1
    :: SOON >= wakesAt
    fi
#endif
  fi;
  goto next;

deliver:
  if
  :: skip
  :: d_step { timer == SOON -> timer = NEVER; lane[me]++ }
  fi;
  d_step { held = inbox; inbox = 0 }
  d_step { lane[me] = lane[me] + held; held = 0 }
  if
  :: goto surplus
  :: goto take
  :: lane[me] > 0 -> /* what takes long is shared */
    wakeResting();
    if
    :: d_step { yes -> yes = 0 }
    :: !yes -> wakePoller(); yes = 0
    fi
  fi;

surplus:
  isSurplus();
  if
  :: d_step { yes -> yes = 0 }
    goto stepAside
  :: !yes -> goto take
  fi;

idle:
  isSurplus();
  if
  :: d_step { yes -> yes = 0 }
    goto stepAside
  :: !yes
  fi;
  if
  :: d_step { poller == NOBODY -> poller = me }
    goto poll
  :: poller != NOBODY
  fi;
  state[me] = RESTING;
  if
#ifdef NO_LOOK_AT_THE_POLLER
  :: true ->
#else
  :: poller == NOBODY
  :: poller != NOBODY ->
#endif
    hasWork();
    if
    :: d_step { yes -> yes = 0 }
    :: !yes -> rest()
    fi
  fi;
  state[me] = RUNNING;
  goto next;

stepAside:
  atomic { held = lane[me]; lane[me] = 0 }
  atomic { inbox = inbox + held; held = 0 }
  state[me] = RESTING;
#ifdef NO_LOOK_ASIDE
  n = 1;
#else
  countRunning();
#endif
  if
  :: d_step { n > 0 -> n = 0 }
    rest()
  :: n == 0
  fi;
  state[me] = RUNNING;
  goto next;

poll:
  state[me] = POLLING;
  until = timer;
  wakesAt = until;
#ifndef NO_SECOND_TIMER_LOOK
  until = timer;
#endif
  hasWork();
  if
  :: d_step { yes -> yes = 0 }
  :: d_step { !yes && kicked -> kicked = 0 }
  :: !yes && until == SOON /* the time comes */
  fi;
  d_step { until = 0; wakesAt = LONG_AGO }
  state[me] = RUNNING;
  poller = NOBODY;
  goto deliver
}

init {
  byte i;
  atomic {
    for (i : 0 .. LAST) {
      run Carrier(i)
    }
    for (i : 1 .. BRINGERS) {
      run Bringer()
    }
  }
  timeout; /* nothing else can happen */
  assert(inbox == 0 && timer == NEVER);
  for (i : 0 .. LAST) {
    assert(lane[i] == 0)
  }
  assert(poller != NOBODY && state[poller] == POLLING)
}
