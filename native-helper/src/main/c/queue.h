/* The queue itself: no JNI in here, so that the C tests and the sanitizers can run it alone. */
#ifndef OQ_QUEUE_H
#define OQ_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "onequeue.h"

#define OQ_NS_PER_MS INT64_C(1000000)
#define OQ_NS_PER_S INT64_C(1000000000)
#define OQ_FOREVER INT64_C(-1)

/* What a descriptor is, asked once in its life. */
enum oq_fd_type { OQ_FD_UNKNOWN, OQ_FD_STREAM, OQ_FD_DATAGRAM, OQ_FD_PIPE, OQ_FD_FILE, OQ_FD_OTHER };

enum oq_fd_mode { OQ_MODE_UNKNOWN, OQ_MODE_BLOCKING, OQ_MODE_NONBLOCKING };
enum oq_fd_use { OQ_USE_NONE, OQ_USE_ACCEPTING, OQ_USE_CONNECTING };

/*
 * One entry a descriptor number. `gen` counts the lives of the number: it moves when the number is
 * closed and when it is given out again, so a registration made in an earlier life is never taken
 * for one of this life.
 */
struct oq_fd {
    _Alignas(64) _Atomic uint32_t gen;
    _Atomic uint8_t type;      /* enum oq_fd_type; back to UNKNOWN with each new gen */
    _Atomic uint8_t blocking;  /* enum oq_fd_mode; asked again after the JDK changed it */
    _Atomic uint8_t use;       /* enum oq_fd_use: tells a timed accept or connect from a read or write */
    _Atomic uint8_t in_tree;   /* a selector that has joined the tree */
    _Atomic(void *) waker;     /* recording only: who wrote this eventfd last (a weak JNI ref) */
    _Atomic int64_t woken_ns;  /* and when */
    /* The readiness table; see "enum oq_ready" below. Keep in sync with onequeue.carrier.Readiness. */
    _Atomic uint8_t in;        /* enum oq_ready */
    _Atomic uint8_t out;
    _Atomic uint8_t ended;     /* end, error or urgent data was seen, or reads do not wait: always look */
    _Atomic uint8_t registered; /* at the carrier port, in this life */
    _Atomic uint8_t file;      /* enum oq_file; keep in sync with onequeue.carrier.FileTable */
    _Atomic uint8_t position;  /* taken while a virtual thread moves the file's position; likewise */
    /* A key of a selector; see "Keys that come and go" below. */
    _Atomic uint8_t key_edge;  /* in the kernel edge-triggered, wanted or not */
    _Atomic uint8_t key_in;    /* enum oq_ready */
    _Atomic uint8_t key_ended; /* as `ended` */
    uint8_t key_credit;        /* 0: this key stays level-triggered */
    uint8_t key_repeats;       /* waits that reported it once more, since it was taken up */
    _Atomic uint8_t in_parts;  /* Unix domain: a read ends where other rights or credentials begin */
    _Atomic uint64_t key_owner; /* gen << 32 | serial of the selector that may do this */
    uint32_t key_wanted;       /* EPOLLIN, or 0 */
    /* Of a descriptor that is a selector itself. */
    _Atomic uint32_t serial;   /* 0: not one of ours */
    _Atomic(struct oq_selector *) selector;
};

/* What a virtual thread may do with a descriptor of java.io or of a file channel. */
enum oq_file {
    OQ_F_KNOWN = 1,       /* it was asked */
    OQ_F_TRY = 2,         /* the page cache may have what is read */
    OQ_F_SLOW_READ = 4,   /* a read goes to the disk */
    OQ_F_SLOW_WRITE = 8,  /* likewise a write */
    OQ_F_DISK = 16,       /* a file or a block device */
    OQ_F_PIPE = 32,       /* a blocking pipe or FIFO */
    OQ_F_POLL = 64,       /* likewise, one that is asked for its readiness first */
    /*
     * A write is for the ring: direct, and not to the end of the file, wherever that is. Through the
     * page cache the kernel makes the ring's writes to one file one after another, each until it is
     * on the disk, where those of several threads reach it together.
     */
    OQ_F_RING_WRITE = 128
};

/*
 * Readiness of one direction of a descriptor that virtual threads wait on. It is registered once in
 * its life, edge-triggered, so what the kernel said has to be kept:
 *   DRAINED  the last look took all there was, and no edge came since: a look now would be in vain
 *   LOOK     nothing is known
 *   READY    an edge came that nobody has looked at yet
 * Moves: an edge any->READY (by whoever took it from the port, before it looks for a waiter); a hook
 * exchanges to DRAINED before it looks and puts READY back if it did not take all; a waiter that
 * finds READY moves it to LOOK and does not wait; registering moves DRAINED->LOOK.
 * How no wake-up is lost: the waiter publishes itself, then looks for READY; the edge sets READY,
 * then looks for a waiter. Both in sequentially consistent order. A stale READY costs one look in
 * vain. Only a hook that looks itself may take DRAINED as an answer, for a caller that then waits;
 * once `ended` is set it never does: data and the end of the stream can come as one edge, and a
 * channel that does not block is read again and again without a look at the port.
 * Invariant: data that nobody has looked at implies READY or LOOK, and no waiter asleep on READY.
 */
enum oq_ready { OQ_R_DRAINED, OQ_R_LOOK, OQ_R_READY, OQ_R_ADDED };

/*
 * Keys that come and go: a server drops its interest in a connection while somebody works on it, and
 * takes it up again. Stock tells the kernel both. A key that has been dropped once is put back
 * edge-triggered, and from then on dropping it tells nobody, nor does taking it up while it is
 * known to be drained. The same marks as above, kept apart since they come from another epoll.
 *
 *   not edge   the kernel has it as the program wants it, level-triggered or not at all
 *   edge       the kernel has it edge-triggered; key_wanted says whether the program wants it
 *   ADDED      of the marks: as LOOK, but no read that is under way can have set it
 * Moves, by the one thread that is inside the selector: not edge->edge when a dropped key is taken
 * up; edge->not edge when too many edges come that nobody wants (deleted), when other events are
 * wanted, and when a reported key is still wanted, and not known to be drained, at wait after wait:
 * then the kernel has to report it again and again, as the program expects (level-triggered); the
 * first few times we do. All this costs credit; without credit a key stays as stock has it until the
 * descriptor's end.
 *
 * How no readiness is lost: a key that is taken up is reported at once if an edge has come that
 * nobody has looked at, and if it is not known to be drained the kernel is asked to look. Only a
 * read of ours that was short, or would have blocked, moves to DRAINED, and only from the LOOK that
 * it set before it read: data that came since is an edge still in the kernel, or has set READY.
 * (DRAINED from the start, as above, would let the selector take up the key in the middle of the
 * read.) A key that goes to the kernel is ADDED first, edge after, or a read that has begun before
 * could take that LOOK for its own. Reads that pass us by leave READY: the kernel is asked once more
 * than necessary.
 * One selector per life of a descriptor does this; in a second one its keys are stock.
 *
 * A server reads until there is nothing, so after a read that took all it reads once more. That read
 * of a drained key is answered without the kernel, as if it had been made right after the one
 * before: once, and only as long as the thread can hardly know that something has come since. For
 * that its port notes the descriptor (dry_fd), and forgets it at each other call of ours but writes
 * to the same descriptor, and when a carrier goes on to another virtual thread. Never once the end,
 * an error or urgent data was seen: they can have come with the data. So only after a read of what an
 * edge had told of, READY: of other data nobody has seen whether the end came with it. What came
 * since is an edge, and the selector reports it when the key is taken up.
 *
 * native-helper/src/model/keys.pml is a model of this, which the tests check: keep in sync.
 */

struct oq_cell;

/*
 * A thread's place in the tree. Written by its thread alone but for `signal`. The memory is in the
 * status page and is never given back, so a late reader or signaller meets a port, if not the one
 * it meant; all they do to it is harmless to a stranger (a spurious wake-up).
 */
struct oq_port {
    _Alignas(64) _Atomic int32_t epfd;  /* -1 until the first wait */
    int32_t watched_fd;                 /* the one descriptor registered, or -1 */
    uint32_t watched_gen;
    uint32_t watched_events;
    bool last_read_full;                /* more may be there: read before waiting */
    bool budget_spent;
    bool in_tree;                       /* known to the root */
    bool reporting;                     /* inside an up-call: report nothing now */
    _Atomic uint32_t signal;            /* enum oq_signal */
    struct oq_cell *cell;
    uint64_t number;                    /* Thread.tid */
    pthread_t pthread;
    void *thread;                       /* weak JNI ref to the java.lang.Thread */
    struct oq_port *next_free;
    uint32_t index;
    uint32_t outer_depth;               /* waits in here are reported by a hook further up */
    uint32_t outer_waits;
    uint32_t outer_outcome;
    void *outer_waker;                  /* weak JNI ref */
    int64_t outer_delay_ns;
    uint32_t idle_depth;                /* a pool thread that waits for work */
    uint32_t carrier;                   /* runs virtual threads: calls here must not wait */
    uint64_t waits[OQ_KINDS];           /* keep in sync with StatusPage */
    uint64_t fired[OQ_SEAMS_MAX];       /* keep in sync with StatusPage */
    int32_t tid;                        /* of a carrier: its number in the kernel */
    uint64_t saved;                     /* epoll_ctl calls that need not be made; see StatusPage */
    uint64_t answered;                  /* likewise reads that would have blocked */
    int32_t dry_fd;                     /* just read empty, or -1; keep in sync with Carrier */
    uint32_t dry_gen;
};

/*
 * Close and shutdown of a descriptor reach a waiting thread through `signal`:
 *   IDLE       the owner is not in a wait on a descriptor
 *   WAITING    owner only, from IDLE, before it registers and before it looks at the fd's gen
 *   SIGNALLED  a signaller only, from WAITING, then kicks the port
 * The owner ends every wait with an exchange to IDLE.
 * How each signal is caught: the closer first makes the descriptor dead (dup2) and moves its gen,
 * then signals. If it finds WAITING, the kick wakes the owner. If it finds IDLE, the owner has not
 * looked at gen yet: it will see the new gen and register the dead descriptor, which is ready at
 * once. Both sides use sequentially consistent order.
 * Invariant: no owner sleeps on a registration older than the fd's gen without WAITING published.
 */
enum oq_signal { OQ_SIG_IDLE, OQ_SIG_WAITING, OQ_SIG_SIGNALLED };

/*
 * The permit of a thread, found by the address of its VM thread (Thread.eetop). Cells are made by
 * whoever comes first, the thread or one that unparks it, and stay for good: a look-up never misses
 * a permit. Addresses are used again, so the permit word carries the number of the Thread it is
 * meant for: a word of another number counts as NONE for me.
 *
 *   NONE     no permit, nobody waits
 *   PERMIT   unpark came first
 *   WAITING  the owner sleeps at its port, or is about to
 *   STOCK    the owner sleeps in the VM's own park, or is about to
 * Moves: owner NONE->WAITING, NONE->STOCK, PERMIT->NONE; anyone NONE->PERMIT, WAITING->PERMIT (then
 * kicks the port), STOCK->PERMIT (then calls the VM's unpark). The owner ends its wait with an
 * exchange to NONE, so a permit given at the last moment is consumed by the wait it would have ended.
 *
 * Two numbers at one address: only one of the two threads lives. One that waits (WAITING, STOCK)
 * lives, so whoever unparks the other does nothing. Else the unparker writes its own word and then
 * looks whether its thread still has the address; if not, it has overwritten the living one's word
 * and unparks that one instead: a spurious return at worst.
 *
 * Invariant: whoever moves to PERMIT from WAITING or STOCK wakes the owner afterwards; the state is
 * the truth and a kick only a hint, so a late kick is at most one more look at the state.
 */
enum oq_permit { OQ_NONE, OQ_PERMIT, OQ_WAITING, OQ_STOCK };

/*
 * Thread.sleep at the port: the owner publishes ASLEEP, then looks at its interrupt status, then
 * waits. An interrupter sets the status, then moves ASLEEP to ROUSED and kicks. Either the owner
 * sees the status or the interrupter sees ASLEEP.
 */
enum oq_sleep { OQ_AWAKE, OQ_ASLEEP, OQ_ROUSED };

struct oq_cell {
    _Alignas(64) uintptr_t key;         /* Thread.eetop */
    struct oq_cell *next;
    _Atomic uint64_t permit;            /* thread number << 2 | enum oq_permit */
    _Atomic uint32_t sleep;             /* enum oq_sleep */
    _Atomic uint32_t routed;            /* the owner's parks come to us; until then the VM's too */
    _Atomic(struct oq_port *) port;     /* where the owner waits */
    _Atomic(void *) waker;              /* recording only: weak JNI ref of who ended the wait */
    _Atomic int64_t woken_ns;           /* recording only: when */
};

struct oq_queue {
    struct oq_page *page;
    struct oq_port *ports;              /* in the page's file */
    struct oq_fd *fds;
    uint32_t fds_max;
    int root;                           /* the tree's root; sampled, nobody sleeps here */
    int ready_fd;                       /* always readable: arming it in a port wakes the port */
    int page_fd;
    int carrier_fd;                     /* the carrier port: an epoll in the tree; -1 until needed */
    int lowest_fd;                      /* ours are above; see oq_move_up */
    bool pwait2;                        /* else ppoll + epoll_wait */
    _Atomic bool recording;
    _Atomic bool stock_park;            /* jdk.ThreadPark is being recorded: let the VM park */
    _Atomic bool stock_sleep;
    _Atomic bool answers;               /* reads that would block, of keys known to be drained */
    _Atomic bool over;                  /* the VM is about to end: what need not wait here does not */
};

extern struct oq_queue oq;

int oq_queue_open(int mode, bool pwait2);
int oq_ports_init(void);
int64_t oq_now_ns(void);

/* The same descriptor under a high number; the old one is closed. */
int oq_move_up(int fd);
int oq_epoll_ctl(int epfd, int op, int fd, uint32_t events, uint64_t tag);

/* Zeroed memory that costs nothing until it is touched; NULL when there is none. */
void *oq_reserve(size_t bytes);

/* Tables by address: chains that only grow, so that a reader needs no lock. */
#define OQ_BUCKETS 4096
static inline uint32_t oq_bucket_of(uintptr_t key) {
    return (uint32_t)(((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> 52);
}

/* The calling thread's port or NULL. oq_port_take makes it; NULL when all slots are taken. */
extern __thread struct oq_port *oq_tls_port __attribute__((tls_model("initial-exec")));
struct oq_port *oq_port_take(void);

/* Gives the port its descriptor. False past the budget or the descriptor limit: wait the stock way. */
bool oq_port_open(struct oq_port *port);

/* How many ports of the tree are ready now, 64 at most; for the statistics of a recording. */
int oq_sample(void);

/* Wakes the port. Harmless when nobody waits there. Any thread. */
void oq_port_kick(struct oq_port *port);

/*
 * At its end the VM waits 0.3 s for threads in native code. One that waits at its port for no
 * descriptor would be one, where stock waits inside the VM: so all look up, and find `over`, which
 * was set before.
 */
void oq_ports_leave(void);
static inline bool oq_over(void) { return atomic_load(&oq.over); }

struct oq_port *oq_port_of(pthread_t thread);
void oq_port_register(struct oq_port *port);

/* Registers fd at the port, replacing what was there. 0, or -errno (-EPERM: not pollable). */
int oq_port_watch(struct oq_port *port, int fd, uint32_t gen, uint32_t events);

/* epoll_wait until a deadline on the monotonic clock, or a little before; OQ_FOREVER: without end. */
int oq_epoll_wait(int epfd, struct epoll_event *ev, int max, int64_t deadline_ns);

/* ---- the carrier port ---- */

int oq_carrier_open(void);

/* Registers the descriptor in this life of it; 0 or -errno. Any thread. */
int oq_carrier_watch(int fd);

/*
 * Waits until deadline_ns for edges, marks them in the table and writes one word each to out: the
 * descriptor << 2 | 1 (in) | 2 (out), or that of oq_ring_reap. Returns how many; 0 also for a kick. One thread may wait; any
 * number may look (deadline_ns = 0) beside it. A kick ends the wait of the one who waits, or of the
 * next one; a look that comes across it puts it back, or the one who waits would sleep on while all
 * others think it awake.
 */
int oq_carrier_look(int64_t *out, int max, int64_t deadline_ns);
void oq_carrier_kick(void);

/* Whether the descriptor is registered at the carrier port. */
bool oq_table_has(int fd);

/*
 * recv of a stream that the table has, which may know that there is nothing. Bytes read, 0 at the
 * end of the stream, or -errno: with -EAGAIN the caller waits for an edge.
 */
ssize_t oq_table_recv(int fd, void *to, size_t size);

/* ---- the ring: file operations that the kernel makes by itself; see ring.c ---- */

/* So many may be under way. Keep in sync with onequeue.carrier.FileRing. */
#define OQ_RING_OPS 128
#define OQ_RING_TAG (UINT64_MAX - 1) /* in the carrier port */

/* Keep in sync with onequeue.carrier.DiskCall. */
enum oq_ring_what {
    OQ_RING_READ, OQ_RING_READV, OQ_RING_WRITE, OQ_RING_WRITEV, OQ_RING_SYNC, OQ_RING_DATASYNC
};

struct oq_ring_op {
    enum oq_ring_what what;
    uint32_t tag;      /* the caller's; less than OQ_RING_OPS, and of one operation at a time */
    int fd;
    uint32_t count;    /* bytes, or struct iovecs */
    uint64_t address;  /* of memory that the kernel may use until the end of the operation is reaped */
    int64_t at;        /* where in the file; its position stays where it is */
};

/* 0, or -errno: -EBUSY while another thread does so too, else for good. After oq_carrier_open. */
int oq_ring_open(void);

/* Why it cannot be had; NULL as long as there is no reason. */
const char *oq_ring_trouble(void);

/* 0: its end will be reaped, once. -errno: nothing was begun. Any thread. */
int oq_ring_submit(const struct oq_ring_op *op);

/*
 * Takes ends, one word each: the sign bit | tag << 32 | what the system call would have returned, or
 * -errno, in the lower half. Returns how many. Any thread.
 */
int oq_ring_reap(int64_t *out, int max);

/* ---- selectors ---- */

/* A new epoll of the program's; its number has just begun a new life. */
void oq_selector_born(int epfd);
void oq_selector_gone(struct oq_fd *entry);

/*
 * epoll_ctl as a selector of the program calls it: 0 or -errno; OQ_CTL_STOCK: it is for the caller to
 * do; OQ_CTL_SAVED: it need not be done. These three: by the one thread that is inside the selector.
 */
#define OQ_CTL_STOCK 1
#define OQ_CTL_SAVED 2
int oq_selector_ctl(int epfd, int op, int fd, uint32_t events);

/*
 * Before each epoll_wait of the selector's: true when something is ready already, so that it must not
 * wait; and after: takes out what the program does not want, and adds what was ready.
 */
bool oq_selector_before_wait(int epfd);
int oq_selector_sift(int epfd, struct epoll_event *events, int count, int max);

/*
 * Around a read of the descriptor. told: an edge had told of what is there; drained: the read was
 * short, or would have blocked. One reader at a time.
 */
static inline struct oq_fd *oq_key_before_read(struct oq_fd *entry, bool *told) {
    *told = false;
    if (entry == NULL || !atomic_load_explicit(&entry->key_edge, memory_order_relaxed)) return NULL;
    *told = atomic_exchange(&entry->key_in, OQ_R_LOOK) == OQ_R_READY;
    return entry;
}
static inline void oq_key_after_read(struct oq_fd *key, bool drained) {
    uint8_t nothing_since = OQ_R_LOOK;
    if (key != NULL && drained) {
        atomic_compare_exchange_strong(&key->key_in, &nothing_since, OQ_R_DRAINED);
    }
}

/* Whether a read of a stream that gave n (negative: it would have blocked) took all there was. */
bool oq_took_all(int fd, int64_t n, size_t size);

/* Such a read, of a descriptor that does not block, just made by the port's thread. */
void oq_key_is_dry(struct oq_port *port, int fd);

/* Whether the next one is to be answered "would block"; only once. */
bool oq_key_answers(struct oq_port *port, int fd);

/* ---- holds on open files; see hold.c ---- */

int oq_holds_open(void);

/*
 * Another descriptor for the same open file, which stays open until the caller releases it, whoever
 * closes fd; or -errno: -EMFILE past the budget, -EBADF when fd was closed meanwhile. Any thread.
 */
int oq_fd_hold(int fd);
void oq_fd_release(int held);

/* What a hold would give, or -1 when it has to be made; it may be gone when the caller looks. */
int oq_fd_kept(int fd);

/* Around each close: ends the life of the descriptor. */
void oq_fd_close_begin(int fd);
void oq_fd_close_end(int fd);

/* The descriptor's life is over: its file is not kept open any longer than its users need it. */
void oq_fd_let_go(int fd);

/* ---- processes ---- */

/*
 * Opens a descriptor of the process and waits for its end with the others: the descriptor, or -errno
 * (-ESRCH: it is gone, -EMFILE: past the budget). Callers take turns, also with oq_process_forget.
 */
int oq_process_watch(pid_t pid);

/* Waits until one of them has ended: its descriptor, which is told once, or -errno. Any thread. */
int oq_process_await(void);

/* Closes the descriptor. */
void oq_process_forget(int fd);

/*
 * Waits until the watched descriptor is ready (returns its EPOLL bits), a kick (0) or deadline_ns on
 * the monotonic clock (-ETIMEDOUT); OQ_FOREVER waits without end. With watching = false readiness of
 * the watched descriptor does not end the wait: it is unregistered. Owner only.
 */
int oq_port_wait(struct oq_port *port, bool watching, int64_t deadline_ns);

/* Whether a read of a file, at a place or (-1) at its position, need not wait, to our knowledge. */
bool oq_is_cached(int fd, int64_t at, size_t size);

/* symbols.c: a variable of a library that does not export it. */
struct oq_wanted {
    char *base;          /* where the library was loaded */
    const char *known;   /* a function, and where it is: or the file is not that which was loaded */
    void *known_address;
    const char *variable;
    size_t size;         /* of the variable */
};

/* Its address, or NULL when the file does not tell. */
void *oq_symbol(const char *path, const struct oq_wanted *wanted);

struct oq_fd *oq_fd_of(int fd);
enum oq_fd_type oq_fd_type(int fd);
bool oq_fd_blocking(int fd);
enum oq_kind oq_kind_of(int fd, short events); /* of a thread that polls for POLLIN or POLLOUT */
void oq_fd_new_life(int fd);

struct oq_cell *oq_cell_of(uintptr_t key);

/* The permit protocol, parted so that the up-calls and the VM's park can stand in between. */
bool oq_park_take(struct oq_cell *cell, uint64_t me);          /* true: a permit was there */
bool oq_park_begin(struct oq_cell *cell, uint64_t me, enum oq_permit how); /* false: likewise */
void oq_park_wait(struct oq_cell *cell, uint64_t me, struct oq_port *port, int64_t deadline_ns);
bool oq_park_end(struct oq_cell *cell, uint64_t me);           /* true: unparked */

/*
 * Returns the state it found. `displaced` gets the number of another thread whose word was
 * overwritten, or 0: then the caller looks at the address again and, if it is that one's now,
 * unparks it.
 */
enum oq_permit oq_unpark(struct oq_cell *cell, uint64_t whom, uint64_t *displaced);

/* True when the sleep was ended by oq_rouse, false at the deadline. */
bool oq_sleep_wait(struct oq_cell *cell, struct oq_port *port, int64_t deadline_ns);
void oq_rouse(struct oq_cell *cell);

/* Ends the wait on a descriptor of the thread, if it is in one: true. Else the caller signals it. */
bool oq_signal(pthread_t thread, struct oq_port **target);

#endif
