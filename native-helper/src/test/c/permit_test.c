/* The permit and the sleep protocols, each beside a twin with one guard taken out. */
#define _GNU_SOURCE
#include <errno.h>

#include "test.h"

#define ME 7u

static struct oq_port *port;
static struct oq_cell *cell;

static void unpark(unsigned trial) {
    (void)trial;
    uint64_t displaced;
    oq_unpark(cell, ME, &displaced);
}

static void park(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    if (oq_park_take(cell, ME) || !oq_park_begin(cell, ME, OQ_WAITING)) return;
    oq_park_wait(cell, ME, port, deadline_ns);
    if (!oq_park_end(cell, ME)) running->lost++;
}

/* Sets its state without looking at what it overwrites: an unpark that came first is lost. */
static void broken_park(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    if (running->lost > 0) return; /* shown */
    LINGER_UNTIL(atomic_load(&cell->permit) == (((uint64_t)ME << 2) | OQ_PERMIT));
    atomic_store(&cell->permit, ((uint64_t)ME << 2) | OQ_WAITING);
    oq_park_wait(cell, ME, port, deadline_ns);
    if (!oq_park_end(cell, ME)) running->lost++;
}

static void a_permit_is_one_and_comes_first_or_last(void) {
    uint64_t displaced;
    CHECK(!oq_park_take(cell, ME));
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_NONE);
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_PERMIT);
    CHECK(oq_park_take(cell, ME));
    CHECK(!oq_park_take(cell, ME));
    CHECK(oq_park_begin(cell, ME, OQ_WAITING));
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_WAITING);
    CHECK(oq_park_end(cell, ME));
}

static void a_park_ends_at_its_deadline_and_not_before(void) {
    for (int rung = 0; rung < 2; rung++) {
        oq.pwait2 = rung == 0;
        int64_t deadline_ns = oq_now_ns() + 300 * 1000;
        CHECK(oq_park_begin(cell, ME, OQ_WAITING));
        oq_park_wait(cell, ME, port, deadline_ns);
        CHECK(oq_now_ns() >= deadline_ns);
        CHECK(!oq_park_end(cell, ME));
    }
    oq.pwait2 = true;
}

static void a_thread_in_the_vms_park_is_told_apart(void) {
    uint64_t displaced;
    CHECK(oq_park_begin(cell, ME, OQ_STOCK));
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_STOCK);
    CHECK(oq_park_end(cell, ME));
}

static void an_address_used_again_hands_no_permit_on(void) {
    uint64_t displaced = 0;
    oq_unpark(cell, ME, &displaced);
    CHECK(!oq_park_take(cell, ME + 1));
    CHECK(oq_park_begin(cell, ME + 1, OQ_WAITING));
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_NONE); /* the dead one: nothing happens */
    CHECK(!oq_park_end(cell, ME + 1));
    CHECK(oq_unpark(cell, ME + 1, &displaced) == OQ_NONE);
    CHECK(oq_unpark(cell, ME, &displaced) == OQ_NONE);
    CHECK(displaced == ME + 1); /* the caller looks which of the two lives */
    CHECK(oq_park_take(cell, ME));
}

/* ---- sleep ---- */

static _Atomic bool interrupted;

static void rouse(unsigned trial) {
    (void)trial;
    atomic_store(&interrupted, true);
    oq_rouse(cell);
}

static void sleep_until_roused(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    atomic_store(&cell->sleep, OQ_ASLEEP);
    if (atomic_load(&interrupted)) {
        atomic_store(&cell->sleep, OQ_AWAKE);
    } else if (!oq_sleep_wait(cell, port, deadline_ns)) {
        running->lost++;
    }
    atomic_store(&interrupted, false);
}

/* Looks at its interrupt status before it says that it sleeps. */
static void broken_sleep(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    if (running->lost == 0 && !atomic_load(&interrupted)) {
        LINGER_UNTIL(atomic_load(&interrupted));
        LINGER_UNTIL(false); /* and the rousing has found nobody asleep */
        atomic_store(&cell->sleep, OQ_ASLEEP);
        if (!oq_sleep_wait(cell, port, deadline_ns)) running->lost++;
    }
    atomic_store(&interrupted, false);
}

/* ---- the end of the VM ---- */

static void leave(unsigned trial) {
    (void)trial;
    oq_ports_leave();
}

/* Has all look up before there is something to see. */
static void broken_leave(unsigned trial) {
    (void)trial;
    oq_port_kick(port);
    LINGER_UNTIL(running->lost > 0);
    atomic_store(&oq.over, true);
}

static void wait_until_it_is_over(unsigned trial, int64_t deadline_ns) {
    if (trial % 2 == 0) {
        CHECK(oq_park_begin(cell, ME, OQ_WAITING));
        oq_park_wait(cell, ME, port, deadline_ns);
        CHECK(!oq_park_end(cell, ME));
    } else {
        atomic_store(&cell->sleep, OQ_ASLEEP);
        CHECK(!oq_sleep_wait(cell, port, deadline_ns));
    }
    running->lost += oq_now_ns() >= deadline_ns;
    atomic_store(&oq.over, false);
}

static unsigned race(void (*wait_side)(unsigned, int64_t), void (*wake_side)(unsigned),
                     unsigned trials, int64_t patience_ns) {
    struct race r = {.wait_side = wait_side,
                     .wake_side = wake_side,
                     .trials = trials,
                     .patience_ns = patience_ns};
    return run_race(&r);
}

int main(void) {
    port = open_queue();
    cell = oq_cell_of(0x1000);
    atomic_store(&cell->port, port);
    CHECK(cell == oq_cell_of(0x1000) && cell != oq_cell_of(0x2000));
    a_permit_is_one_and_comes_first_or_last();
    a_park_ends_at_its_deadline_and_not_before();
    a_thread_in_the_vms_park_is_told_apart();
    an_address_used_again_hands_no_permit_on();
    CHECK(race(park, unpark, TRIALS, LOST_NS) == 0);
    CHECK(race(broken_park, unpark, 2000, BROKEN_LOST_NS) > 0);
    atomic_store(&cell->permit, 0);
    CHECK(race(sleep_until_roused, rouse, TRIALS, LOST_NS) == 0);
    CHECK(race(broken_sleep, rouse, TRIALS, BROKEN_LOST_NS) > 0);
    CHECK(race(wait_until_it_is_over, leave, TRIALS, LOST_NS) == 0);
    CHECK(race(wait_until_it_is_over, broken_leave, 20, BROKEN_LOST_NS) > 0);
    printf("permit_test: %d trials each, none lost\n", TRIALS);
    return 0;
}
