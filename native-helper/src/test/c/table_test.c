/* The readiness table beside twins with one guard taken out. The waiting is that of Readiness.java. */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define PIECE 4

static int near, far;
static sem_t woken;
static _Atomic bool waiter;
static _Atomic unsigned sent;
static _Atomic unsigned delivered; /* edges, or none, by so many looks */
static unsigned received;
static _Atomic bool shown; /* a twin has lost once: the rest of its trials is skipped */

static struct oq_fd *entry(void) {
    struct oq_fd *found = oq_fd_of(near);
    CHECK(found != NULL);
    return found;
}

/* The carrier: marks are set by the look, then a waiter is looked for. */
static void deliver(int64_t deadline_ns) {
    int64_t words[8];
    int n = oq_carrier_look(words, 8, deadline_ns);
    for (int i = 0; i < n; i++) {
        CHECK(words[i] >> 2 == near);
        if ((words[i] & 1) != 0 && atomic_exchange(&waiter, false)) sem_post(&woken);
    }
}

static void send_and_deliver(unsigned trial) {
    if (shown) return;
    char bytes[3 * PIECE] = {0};
    size_t size = 1 + trial % sizeof bytes; /* less than a piece, a whole number of them, more */
    atomic_fetch_add(&sent, (unsigned)size);
    CHECK(send(far, bytes, size, 0) == (ssize_t)size);
    deliver(0);
    atomic_fetch_add(&delivered, 1);
}

static bool sem_wait_until(int64_t deadline_ns) {
    struct timespec t = {deadline_ns / OQ_NS_PER_S, deadline_ns % OQ_NS_PER_S};
    return sem_clockwait(&woken, CLOCK_MONOTONIC, &t) == 0;
}

/* Publishes itself, then looks for READY. False when nobody came. */
static bool wait_for_edge(int64_t deadline_ns) {
    atomic_store(&waiter, true);
    uint8_t ready = OQ_R_READY;
    bool came = atomic_compare_exchange_strong(&entry()->in, &ready, OQ_R_LOOK)
                || sem_wait_until(deadline_ns);
    atomic_store(&waiter, false);
    return came;
}

/* The other way round: an edge in between finds no waiter, and is found by none. */
static bool broken_wait_for_edge(int64_t deadline_ns) {
    uint8_t ready = OQ_R_READY;
    if (atomic_compare_exchange_strong(&entry()->in, &ready, OQ_R_LOOK)) return true;
    LINGER_UNTIL(atomic_load(&entry()->in) == OQ_R_READY);
    atomic_store(&waiter, true);
    bool came = sem_wait_until(deadline_ns);
    atomic_store(&waiter, false);
    return came;
}

/* Leaves what did not fit without a mark. */
static ssize_t broken_recv_of_a_full_piece(int fd, void *to, size_t size) {
    if (atomic_exchange(&entry()->in, OQ_R_DRAINED) == OQ_R_DRAINED) return -EAGAIN;
    ssize_t n = recv(fd, to, size, MSG_DONTWAIT);
    return n < 0 ? -errno : n;
}

/* Clears the mark after it looked: an edge in between is gone. */
static ssize_t broken_recv_that_clears_late(int fd, void *to, size_t size) {
    unsigned before = atomic_load(&delivered);
    if (atomic_load(&entry()->in) == OQ_R_DRAINED) return -EAGAIN;
    ssize_t n = recv(fd, to, size, MSG_DONTWAIT);
    if (n < 0) LINGER_UNTIL(atomic_load(&delivered) != before);
    atomic_store(&entry()->in, n == (ssize_t)size ? OQ_R_READY : OQ_R_DRAINED);
    return n < 0 ? -EAGAIN : n;
}

static ssize_t (*receive)(int, void *, size_t);
static bool (*await)(int64_t);

static void receive_all(unsigned trial, int64_t deadline_ns) {
    char bytes[PIECE];
    unsigned before = received;
    size_t expected = 1 + trial % (3 * PIECE);
    while (!shown && received - before < expected) {
        ssize_t n = receive(near, bytes, sizeof bytes);
        CHECK(n > 0 || n == -EAGAIN);
        if (n > 0) {
            received += (unsigned)n;
        } else if (!await(deadline_ns)) {
            running->lost++;
            shown = true;
        }
    }
}

static unsigned race(ssize_t (*recv_how)(int, void *, size_t), bool (*wait_how)(int64_t),
                     unsigned trials, int64_t patience_ns) {
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    far = both[1];
    oq_fd_new_life(near);
    CHECK(oq_carrier_watch(near) == 0 && oq_table_has(near));
    CHECK(sem_init(&woken, 0, 0) == 0);
    received = 0;
    atomic_store(&sent, 0);
    shown = false;
    receive = recv_how;
    await = wait_how;
    struct race r = {.wait_side = receive_all,
                     .wake_side = send_and_deliver,
                     .trials = trials,
                     .patience_ns = patience_ns};
    unsigned lost = run_race(&r);
    CHECK(shown || received == atomic_load(&sent));
    oq_fd_new_life(near);
    close(near);
    close(far);
    return lost;
}

static void data_and_the_end_come_as_one_edge(void) {
    char bytes[64];
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    oq_fd_new_life(near);
    CHECK(oq_carrier_watch(near) == 0);
    CHECK(send(both[1], "data", 4, 0) == 4 && shutdown(both[1], SHUT_WR) == 0);
    deliver(oq_now_ns() + LOST_NS);
    CHECK(oq_table_recv(near, bytes, sizeof bytes) == 4);
    CHECK(oq_table_recv(near, bytes, sizeof bytes) == 0); /* not "there is nothing" */
    oq_fd_new_life(near);
    close(near);
    close(both[1]);
}

static void what_is_drained_is_not_looked_at(void) {
    char bytes[64];
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    oq_fd_new_life(near);
    CHECK(oq_carrier_watch(near) == 0);
    CHECK(oq_table_recv(near, bytes, sizeof bytes) == -EAGAIN);
    CHECK(send(both[1], "data", 4, 0) == 4);
    CHECK(oq_table_recv(near, bytes, sizeof bytes) == -EAGAIN); /* nobody took the edge yet */
    deliver(oq_now_ns() + LOST_NS);
    CHECK(oq_table_recv(near, bytes, sizeof bytes) == 4);
    oq_fd_new_life(near);
    close(near);
    close(both[1]);
}

/* A duplicate keeps the file open behind a number that is used again. */
static void an_edge_of_an_earlier_life_is_nobodys(void) {
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    oq_fd_new_life(near);
    CHECK(oq_carrier_watch(near) == 0);
    deliver(0);
    int survivor = dup(near);
    oq_fd_new_life(near);
    close(near);
    CHECK(!oq_table_has(near));
    atomic_store(&entry()->in, OQ_R_DRAINED);
    CHECK(send(both[1], "late", 4, 0) == 4);
    int64_t words[8];
    CHECK(oq_carrier_look(words, 8, oq_now_ns() + LOST_NS) == 0);
    CHECK(atomic_load(&entry()->in) == OQ_R_DRAINED);
    close(survivor);
    close(both[1]);
}

static void a_kick_is_for_the_one_who_waits(void) {
    int64_t words[8];
    oq_carrier_kick();
    CHECK(oq_carrier_look(words, 8, 0) == 0); /* a glance of another comes first */
    int64_t deadline_ns = oq_now_ns() + LOST_NS;
    CHECK(oq_carrier_look(words, 8, deadline_ns) == 0);
    CHECK(oq_now_ns() < deadline_ns);
}

int main(void) {
    open_queue();
    CHECK(oq_carrier_open() == 0);
    data_and_the_end_come_as_one_edge();
    what_is_drained_is_not_looked_at();
    an_edge_of_an_earlier_life_is_nobodys();
    a_kick_is_for_the_one_who_waits();
    CHECK(race(oq_table_recv, wait_for_edge, TRIALS, LOST_NS) == 0);
    CHECK(race(oq_table_recv, broken_wait_for_edge, TRIALS, BROKEN_LOST_NS) > 0);
    CHECK(race(broken_recv_of_a_full_piece, wait_for_edge, TRIALS, BROKEN_LOST_NS) > 0);
    CHECK(race(broken_recv_that_clears_late, wait_for_edge, TRIALS, BROKEN_LOST_NS) > 0);
    printf("table_test: %d trials, none lost\n", TRIALS);
    return 0;
}
