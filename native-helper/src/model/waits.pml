/*
 * How a virtual thread waits on its own and is woken: onequeue.carrier.Coroutine, with the names used
 * there, and of java.lang.VirtualThread and Inbox what it rests on. One statement here is one access
 * to a volatile there, or one that is atomic there too; all are in one order, as those of Java are.
 *
 * The thread waits for one thing after the other. For each there is a waker, who puts down that it
 * has come, and then wakes the thread: the last may be late, and meet a wait for the next. Watchers
 * take the thread's stack trace: the JDK hides it from its carriers meanwhile, and has it put in a
 * queue once more. When nothing can happen any more, all must have come and been seen.
 *
 * The queue holds no order, as there is one thread; FULL is as many entries as can come about. With
 * PINNED the thread sometimes cannot leave its carrier. The carrier that runs a thread runs nothing
 * else, and any other may find the thread's entry.
 *
 * A broken twin for each step of the protocol, all of which must be found out:
 *   FORGETS_WOKEN     who begins to wait does not see that it was woken before
 *   AWAY_REGARDLESS   the carrier does not see that it was woken while it gave way
 *   WAKES_FIRST       who wakes puts down afterwards that it has come
 *   NONE_AFTERWARDS   the thread looks whether it has come before it sets NONE
 *   WATCHER_IGNORED   who has taken a stack trace never puts the thread in a queue
 *   NO_KICK           the carrier of a pinned thread is not roused
 */
#ifndef THINGS
#define THINGS 2
#endif
#ifndef WATCHES
#define WATCHES 1
#endif
#define CARRIERS 2
#define FULL 8

/* Coroutine.wait */
#define NONE 0
#define LEAVING 1
#define AWAY 2
#define PINNED_DOWN 3
#define WOKEN 4

/* VirtualThread.state */
#define RUNNING 0
#define YIELDING 1
#define YIELDED 2
#define HIDDEN 3

byte wait = NONE;
byte state = YIELDED;
byte queue = 1;       /* the thread's entries */
bit come[THINGS];
byte seen;            /* things */
bit roused;           /* the port of the carrier that a pinned thread is on */
bit mounted;          /* some carrier runs it */
byte at;              /* where it goes on when it is mounted */

/* Where the thread is. */
#define AT_START 0
#define AT_RETURN 1   /* of Thread.yield, which has let go of the carrier */

inline submit() {
  assert(queue < FULL);
  queue++
}

proctype Carrier() {
  byte now;

next:
  atomic { queue > 0 -> queue-- }
  if /* runContinuation */
  :: d_step { state == YIELDED -> state = RUNNING; assert(!mounted); mounted = 1 }
  :: state != YIELDED -> goto next
  fi;
  if
  :: at == AT_RETURN -> goto back
  :: at == AT_START
  fi;

look: /* the thread, from here on */
  if
  :: seen == THINGS -> goto over
  :: seen < THINGS && come[seen] -> seen++; goto look
  :: seen < THINGS && !come[seen]
  fi;
enter: /* Coroutine.await */
#ifdef FORGETS_WOKEN
  wait = LEAVING;
#else
  if
  :: d_step { wait == NONE -> wait = LEAVING }
  :: wait != NONE -> goto none
  fi;
#endif
#ifdef PINNED
  if
  :: goto leave
  :: goto back
  fi;
leave:
#endif
  state = YIELDING;
  /* VirtualThread.afterYield, on the carrier that it left */
  d_step { at = AT_RETURN; mounted = 0; state = YIELDED }
  /* Coroutine.execute */
  now = wait;
  if
  :: now == LEAVING ->
#ifdef AWAY_REGARDLESS
    wait = AWAY
#else
    if
    :: d_step { wait == LEAVING -> wait = AWAY }
    :: wait != LEAVING -> submit()
    fi
#endif
  :: now == AWAY
  :: now != LEAVING && now != AWAY -> submit()
  fi;
  now = 0;
  goto next;

back:
  if
  :: wait != LEAVING
  :: wait == LEAVING -> /* pinned, or as good as that */
    if
    :: d_step { wait == LEAVING -> wait = PINNED_DOWN }
      do
      :: wait == PINNED_DOWN ->
        d_step { roused -> roused = 0 }
      :: wait != PINNED_DOWN -> break
      od
    :: wait != LEAVING
    fi
  fi;
none:
#ifdef NONE_AFTERWARDS
  do
  :: seen < THINGS && come[seen] -> seen++
  :: seen == THINGS || !come[seen] -> break
  od;
  wait = NONE;
  if
  :: seen == THINGS -> goto over
  :: seen < THINGS -> goto enter
  fi;
#else
  wait = NONE;
  goto look;
#endif

over:
  atomic { state = RUNNING; mounted = 0 } /* terminated: entries that are left do nothing */
  goto next
}

proctype Waker(byte thing) {
  byte before;
#ifndef WAKES_FIRST
  come[thing] = 1;
#endif
  d_step { before = wait; wait = WOKEN }
  if
  :: before == AWAY -> submit()
  :: before == PINNED_DOWN ->
#ifndef NO_KICK
    roused = 1
#else
    skip
#endif
  :: before != AWAY && before != PINNED_DOWN
  fi;
#ifdef WAKES_FIRST
  come[thing] = 1;
#endif
  before = 0
}

/* VirtualThread.asyncGetStackTrace, when the thread is where it can be taken. */
proctype Watcher() {
  byte now;
  if
  :: d_step { state == YIELDED -> state = HIDDEN }
    state = YIELDED;
#ifndef WATCHER_IGNORED
    now = wait; /* Coroutine.execute, by no carrier */
    if
    :: now == LEAVING || now == AWAY
    :: now != LEAVING && now != AWAY -> submit()
    fi;
    now = 0
#endif
  :: skip
  fi
}

init {
  byte i;
  atomic {
    for (i : 1 .. CARRIERS) {
      run Carrier()
    }
    for (i : 0 .. THINGS - 1) {
      run Waker(i)
    }
    for (i : 1 .. WATCHES) {
      run Watcher()
    }
  }
  timeout; /* nothing else can happen */
  assert(seen == THINGS)
}
