/* Park, unpark and sleep: the protocols of queue.h. */
#define _GNU_SOURCE
#include <errno.h>

#include "queue.h"

#define CELLS_MAX 262144
static _Atomic(struct oq_cell *) cells[OQ_BUCKETS];
static pthread_mutex_t cells_lock = PTHREAD_MUTEX_INITIALIZER; /* new cells only */
static struct oq_cell *cell_arena;
static uint32_t cells_made;

static struct oq_cell *cell_find(struct oq_cell *cell, uintptr_t key) {
    while (cell != NULL && cell->key != key) cell = cell->next;
    return cell;
}

struct oq_cell *oq_cell_of(uintptr_t key) {
    _Atomic(struct oq_cell *) *head = &cells[oq_bucket_of(key)];
    struct oq_cell *cell = cell_find(atomic_load_explicit(head, memory_order_acquire), key);
    if (cell != NULL) return cell;
    pthread_mutex_lock(&cells_lock);
    cell = cell_find(atomic_load(head), key);
    if (cell == NULL) {
        if (cell_arena == NULL) cell_arena = oq_reserve(CELLS_MAX * sizeof *cell_arena);
        if (cell_arena != NULL && cells_made < CELLS_MAX) {
            cell = &cell_arena[cells_made++];
            cell->key = key;
            cell->next = atomic_load(head);
            atomic_store_explicit(head, cell, memory_order_release);
        }
    }
    pthread_mutex_unlock(&cells_lock);
    return cell; /* NULL once all are used: then nobody finds one, and all use the VM's park */
}

static uint64_t word(uint64_t thread, enum oq_permit state) { return (thread << 2) | state; }

bool oq_park_take(struct oq_cell *cell, uint64_t me) {
    uint64_t permit = word(me, OQ_PERMIT);
    return atomic_load_explicit(&cell->permit, memory_order_relaxed) == permit
           && atomic_compare_exchange_strong(&cell->permit, &permit, word(me, OQ_NONE));
}

bool oq_park_begin(struct oq_cell *cell, uint64_t me, enum oq_permit how) {
    uint64_t seen = atomic_load(&cell->permit);
    do {
        if (seen == word(me, OQ_PERMIT)) {
            atomic_store(&cell->permit, word(me, OQ_NONE));
            return false;
        }
    } while (!atomic_compare_exchange_weak(&cell->permit, &seen, word(me, how)));
    return true;
}

void oq_park_wait(struct oq_cell *cell, uint64_t me, struct oq_port *port, int64_t deadline_ns) {
    while (atomic_load(&cell->permit) == word(me, OQ_WAITING) && !oq_over()) {
        if (oq_port_wait(port, false, deadline_ns) == -ETIMEDOUT) return;
    }
}

bool oq_park_end(struct oq_cell *cell, uint64_t me) {
    return atomic_exchange(&cell->permit, word(me, OQ_NONE)) == word(me, OQ_PERMIT);
}

enum oq_permit oq_unpark(struct oq_cell *cell, uint64_t whom, uint64_t *displaced) {
    uint64_t seen = atomic_load(&cell->permit);
    enum oq_permit state;
    bool other;
    do {
        state = (enum oq_permit)(seen & 3);
        other = seen >> 2 != whom;
        if (other && (state == OQ_WAITING || state == OQ_STOCK)) return OQ_NONE;
        if (!other && state == OQ_PERMIT) return OQ_PERMIT;
    } while (!atomic_compare_exchange_weak(&cell->permit, &seen, word(whom, OQ_PERMIT)));
    *displaced = other ? seen >> 2 : 0;
    if (other) return OQ_NONE;
    if (state == OQ_WAITING) {
        struct oq_port *port = atomic_load(&cell->port);
        if (port != NULL) oq_port_kick(port);
    }
    return state;
}

bool oq_sleep_wait(struct oq_cell *cell, struct oq_port *port, int64_t deadline_ns) {
    while (atomic_load(&cell->sleep) == OQ_ASLEEP && !oq_over()) {
        if (oq_port_wait(port, false, deadline_ns) == -ETIMEDOUT) break;
    }
    return atomic_exchange(&cell->sleep, OQ_AWAKE) == OQ_ROUSED;
}

void oq_rouse(struct oq_cell *cell) {
    uint32_t asleep = OQ_ASLEEP;
    if (!atomic_compare_exchange_strong(&cell->sleep, &asleep, OQ_ROUSED)) return;
    struct oq_port *port = atomic_load(&cell->port);
    if (port != NULL) oq_port_kick(port);
}
