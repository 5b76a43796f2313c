/*
 * A hold on an open file, as the kernel has one for a thread inside read(2): whoever closes the
 * descriptor meanwhile, the thread goes on with the same file. It is a duplicate of the descriptor,
 * made when a thread has to wait for the first time, shared by all that wait, and kept for the next
 * ones until the descriptor is closed: so it costs a wait no system call.
 *
 *   kept     of a descriptor: its duplicate, in the life that is given with it, or 0
 *   closing  of a descriptor: how many threads are about to close it
 *   holders  of a duplicate: the threads that use it, and one while it is kept
 * Moves: who finds none makes a duplicate and keeps it, unless the descriptor is being closed: then
 * it is for one use. A closer counts itself into `closing`, ends the life (gen), takes `kept` out,
 * closes, counts itself out. Whoever leaves `holders` at 0 closes the duplicate.
 * How none is kept for longer than its descriptor: a maker keeps, then looks at gen; a closer moves
 * gen, then takes out. Both in sequentially consistent order, so one of them sees the other. A maker
 * that came after gen moved finds `closing` until the descriptor is closed.
 * How none is taken for another: numbers are used again, so who joins holders looks once more
 * whether the duplicate is still the one that is kept, for this life.
 * Invariant: a duplicate is open while holders is not 0, and nobody joins it at 0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "queue.h"

struct oq_hold {
    _Atomic uint64_t kept; /* gen << 32 | descriptor */
    _Atomic uint32_t closing;
    _Atomic uint32_t holders;
};

static struct oq_hold *holds;
static _Atomic uint32_t duplicates;

int oq_holds_open(void) {
    holds = oq_reserve(oq.fds_max * sizeof *holds);
    return holds == NULL ? -ENOMEM : 0;
}

static struct oq_hold *hold_of(int fd) {
    return fd >= 0 && (uint32_t)fd < oq.fds_max ? &holds[fd] : NULL;
}

/* Under a high number, out of the way of the program's own. */
static int duplicate(int fd) {
    if (oq.page->ports_open + atomic_fetch_add(&duplicates, 1) >= oq.page->port_budget) {
        __atomic_fetch_add(&oq.page->over_budget, 1, __ATOMIC_RELAXED);
        atomic_fetch_sub(&duplicates, 1);
        return -EMFILE;
    }
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, oq.lowest_fd);
    if (copy < 0 || oq_fd_of(copy) == NULL) {
        int error = copy < 0 ? -errno : -EMFILE;
        if (copy >= 0) close(copy);
        atomic_fetch_sub(&duplicates, 1);
        return error;
    }
    oq_fd_new_life(copy);
    atomic_store(&oq_fd_of(copy)->file, atomic_load(&oq_fd_of(fd)->file));
    return copy;
}

void oq_fd_release(int copy) {
    if (atomic_fetch_sub(&holds[copy].holders, 1) != 1) return;
    oq_fd_new_life(copy);
    close(copy);
    atomic_fetch_sub(&duplicates, 1);
}

static bool join(int copy) {
    uint32_t holders = atomic_load(&holds[copy].holders);
    while (holders != 0) {
        if (atomic_compare_exchange_weak(&holds[copy].holders, &holders, holders + 1)) return true;
    }
    return false;
}

/* Keeps the caller's duplicate for others, if there is none and the descriptor still lives. */
static void keep(int fd, uint32_t gen, int copy) {
    uint64_t none = 0, mine = (uint64_t)gen << 32 | (uint32_t)copy;
    atomic_fetch_add(&holds[copy].holders, 1);
    if (!atomic_compare_exchange_strong(&holds[fd].kept, &none, mine)) {
        oq_fd_release(copy);
    } else if (atomic_load(&oq_fd_of(fd)->gen) != gen
               && atomic_compare_exchange_strong(&holds[fd].kept, &mine, 0)) {
        oq_fd_release(copy);
    }
}

static int make(int fd, uint32_t gen) {
    bool dying = atomic_load(&holds[fd].closing) != 0;
    int copy = duplicate(fd);
    if (copy < 0) return copy;
    atomic_store(&holds[copy].holders, 1);
    if (atomic_load(&oq_fd_of(fd)->gen) != gen) { /* perhaps another file's */
        oq_fd_release(copy);
        return -EBADF;
    }
    if (!dying) keep(fd, gen, copy);
    return copy;
}

int oq_fd_hold(int fd) {
    struct oq_hold *hold = hold_of(fd);
    if (hold == NULL) return -EBADF;
    for (;;) {
        uint32_t gen = atomic_load(&oq_fd_of(fd)->gen);
        uint64_t kept = atomic_load(&hold->kept);
        int copy = (int)(uint32_t)kept;
        if (kept == 0 || (uint32_t)(kept >> 32) != gen) return make(fd, gen);
        if (!join(copy)) continue; /* it has just been let go */
        if (atomic_load(&hold->kept) == kept) return copy;
        oq_fd_release(copy);
    }
}

int oq_fd_kept(int fd) {
    struct oq_hold *hold = hold_of(fd);
    uint64_t kept = hold == NULL ? 0 : atomic_load_explicit(&hold->kept, memory_order_relaxed);
    return kept == 0 ? -1 : (int)(uint32_t)kept;
}

void oq_fd_let_go(int fd) {
    struct oq_hold *hold = hold_of(fd);
    if (hold == NULL || atomic_load(&hold->kept) == 0) return;
    uint64_t kept = atomic_exchange(&hold->kept, 0);
    if (kept != 0) oq_fd_release((int)(uint32_t)kept);
}

void oq_fd_close_begin(int fd) {
    struct oq_hold *hold = hold_of(fd);
    if (hold != NULL) atomic_fetch_add(&hold->closing, 1);
    oq_fd_new_life(fd);
}

void oq_fd_close_end(int fd) {
    struct oq_hold *hold = hold_of(fd);
    if (hold != NULL) atomic_fetch_sub(&hold->closing, 1);
}
