/*
 * The ring: file operations that the kernel makes by itself (io_uring) while nobody waits for them
 * in it. Their ends come to the carriers as readiness does.
 *
 * There is one for the process, made by the first who needs it:
 *   NONE     nobody has needed it
 *   OPENING  somebody makes it; operations go the other way meanwhile
 *   OPEN     it can be had
 *   REFUSED  this kernel, or what confines us, does not let us; for good
 * Moves: NONE->OPENING by whoever comes first, OPENING->OPEN or REFUSED by that one, OPEN->REFUSED by
 * a submission that is refused for another reason than a lack of memory.
 *
 * How no end is lost: the kernel puts it into the completion queue, then makes the descriptor of the
 * ring readable. That hangs in the carrier port, level-triggered: as long as one end is in the queue
 * no wait there goes on or begins, whoever took how many others. Every look takes all it has room
 * for, after the wait. So it does not matter that an end may come before its submission returned, or
 * while all carriers run, or while many look.
 *
 * The kernel does its own share of an end (task work) in the thread that submitted, wherever that
 * is: if it computes, it is interrupted for it; if it waits, in the carrier port or at its own, the
 * wait fails with EINTR, after the end is in the queue and the port is awake. That is why the ring is
 * made without IORING_SETUP_COOP_TASKRUN: a carrier that computes would let the others' ends lie
 * until its next tick, and on a core without ticks longer than that. A thread that ends has its
 * operations cancelled, or they end elsewhere; each still has its place in the queue.
 *
 * Nothing overflows: an operation is handed to the kernel under the lock that it is written down
 * under, and not more than OQ_RING_OPS, which is the size of the completion queue, are ever under way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <liburing.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "queue.h"

#define ENTRIES 64
/* Of 5.12: from there on it has all that is used here, and its workers are threads of ours. */
#define NEEDED (IORING_FEAT_NODROP | IORING_FEAT_NATIVE_WORKERS)

enum state { NONE, OPENING, OPEN, REFUSED };

static _Atomic uint32_t state;
static _Atomic int trouble; /* errno of the refusal */
static struct io_uring ring;
static int ring_fd;
static _Atomic bool submitting, reaping; /* locks */
static _Atomic bool made;                /* there is a queue to reap */

static void lock(_Atomic bool *taken) {
    for (int spins = 0; atomic_exchange_explicit(taken, true, memory_order_acquire); spins++) {
        if (spins >= 100) sched_yield(); /* the holder lost its core */
    }
}

static void unlock(_Atomic bool *taken) {
    atomic_store_explicit(taken, false, memory_order_release);
}

static int make(void) {
    struct io_uring_params params = {.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
                                     .cq_entries = OQ_RING_OPS};
    int r = io_uring_queue_init_params(ENTRIES, &ring, &params);
    if (r < 0) return r;
    r = (params.features & NEEDED) == NEEDED && params.cq_entries >= OQ_RING_OPS ? 0 : -ENOTSUP;
    if (r == 0) {
        /* Close-on-exec by itself; the queues stay mapped from the number it had. */
        ring_fd = oq_move_up(ring.ring_fd);
        r = oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_ADD, ring_fd, EPOLLIN, OQ_RING_TAG);
        ring.ring_fd = ring_fd;
    }
    if (r < 0) {
        io_uring_queue_exit(&ring);
        return r;
    }
    for (unsigned i = 0; i <= *ring.sq.kring_mask; i++) ring.sq.array[i] = i;
    atomic_store(&made, true);
    return 0;
}

int oq_ring_open(void) {
    uint32_t none = NONE;
    if (atomic_compare_exchange_strong(&state, &none, OPENING)) {
        int r = make();
        atomic_store(&trouble, -r);
        atomic_store(&state, r == 0 ? OPEN : REFUSED);
        return r;
    }
    if (none == OPENING) return -EBUSY;
    return none == OPEN ? 0 : -atomic_load(&trouble);
}

const char *oq_ring_trouble(void) {
    return atomic_load(&state) == REFUSED ? strerror(atomic_load(&trouble)) : NULL;
}

static void fill(struct io_uring_sqe *sqe, const struct oq_ring_op *op) {
    void *at = (void *)(intptr_t)op->address;
    uint64_t position = (uint64_t)op->at;
    switch (op->what) {
    case OQ_RING_READ: io_uring_prep_read(sqe, op->fd, at, op->count, position); break;
    case OQ_RING_READV: io_uring_prep_readv(sqe, op->fd, at, op->count, position); break;
    case OQ_RING_WRITE: io_uring_prep_write(sqe, op->fd, at, op->count, position); break;
    case OQ_RING_WRITEV: io_uring_prep_writev(sqe, op->fd, at, op->count, position); break;
    case OQ_RING_SYNC: io_uring_prep_fsync(sqe, op->fd, 0); break;
    case OQ_RING_DATASYNC: io_uring_prep_fsync(sqe, op->fd, IORING_FSYNC_DATASYNC); break;
    }
    sqe->user_data = op->tag;
}

/* The submission queue is empty: whatever is in it is handed over before the lock is given back. */
static int enter(const struct oq_ring_op *op) {
    unsigned tail = *ring.sq.ktail;
    fill(&ring.sq.sqes[tail & *ring.sq.kring_mask], op);
    io_uring_smp_store_release(ring.sq.ktail, tail + 1);
    int r = syscall(__NR_io_uring_enter, ring_fd, 1, 0, 0, NULL, 0) < 0 ? -errno : 0;
    if (io_uring_smp_load_acquire(ring.sq.khead) == tail + 1) return 0;
    io_uring_smp_store_release(ring.sq.ktail, tail); /* not taken: as if it had never been there */
    return r < 0 ? r : -EAGAIN;
}

int oq_ring_submit(const struct oq_ring_op *op) {
    if (atomic_load(&state) != OPEN) return -EBUSY;
    lock(&submitting);
    int r = enter(op);
    unlock(&submitting);
    if (r < 0 && r != -EAGAIN && r != -EBUSY && r != -EINTR && r != -ENOMEM) {
        atomic_store(&trouble, -r);
        atomic_store(&state, REFUSED);
    }
    return r;
}

int oq_ring_reap(int64_t *out, int max) {
    if (!atomic_load_explicit(&made, memory_order_acquire) || io_uring_cq_ready(&ring) == 0) return 0;
    int count = 0;
    unsigned head;
    struct io_uring_cqe *end;
    lock(&reaping);
    io_uring_for_each_cqe(&ring, head, end) {
        if (count == max) break;
        out[count++] = INT64_MIN | (int64_t)end->user_data << 32 | (uint32_t)end->res;
    }
    io_uring_cq_advance(&ring, (unsigned)count);
    unlock(&reaping);
    return count;
}
