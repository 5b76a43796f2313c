/* Close and the lives of descriptors: a reader must always be woken, and by its own descriptor. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

static struct oq_port *port;
static pthread_t reader;
static int dead_fd;      /* one end of a pair whose other end is closed, as the JDK keeps one */
static int pair[2];

static void open_pair(void) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    oq_fd_new_life(pair[0]);
}

static void close_pair(void) {
    oq_fd_new_life(pair[0]);
    close(pair[0]);
    close(pair[1]);
}

static void close_under_reader(unsigned trial) {
    (void)trial;
    struct oq_port *target;
    CHECK(dup2(dead_fd, pair[0]) >= 0);
    oq_fd_new_life(pair[0]);
    oq_signal(reader, &target);
}

static int wait_for_signal(int64_t deadline_ns) {
    for (;;) {
        if (atomic_load(&port->signal) == OQ_SIG_SIGNALLED) return 0;
        int r = oq_port_wait(port, true, deadline_ns);
        if (r != 0) return r;
    }
}

static void read_wait(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    atomic_store(&port->signal, OQ_SIG_WAITING);
    uint32_t gen = atomic_load(&oq_fd_of(pair[0])->gen);
    CHECK(oq_port_watch(port, pair[0], gen, EPOLLIN) == 0);
    if (wait_for_signal(deadline_ns) == -ETIMEDOUT) running->lost++;
    atomic_store(&port->signal, OQ_SIG_IDLE);
}

/* Registers before it says that it waits: the dup2 takes the registration away unseen. */
static void broken_read_wait(unsigned trial, int64_t deadline_ns) {
    (void)trial;
    uint32_t gen = atomic_load(&oq_fd_of(pair[0])->gen);
    CHECK(oq_port_watch(port, pair[0], gen, EPOLLIN) == 0);
    LINGER_UNTIL(atomic_load(&oq_fd_of(pair[0])->gen) != gen);
    LINGER_UNTIL(false); /* and its signal is spent, too */
    atomic_store(&port->signal, OQ_SIG_WAITING);
    if (wait_for_signal(deadline_ns) == -ETIMEDOUT) running->lost++;
    atomic_store(&port->signal, OQ_SIG_IDLE);
}

static unsigned race(void (*wait_side)(unsigned, int64_t), unsigned trials, int64_t patience_ns) {
    struct race r = {.wait_side = wait_side,
                     .wake_side = close_under_reader,
                     .trials = 1,
                     .patience_ns = patience_ns};
    unsigned lost = 0;
    for (unsigned i = 0; i < trials && lost == 0; i++) {
        open_pair();
        lost += run_race(&r);
        close_pair();
    }
    return lost;
}

static int await_data(int64_t patience_ns) {
    uint32_t gen = atomic_load(&oq_fd_of(pair[0])->gen);
    CHECK(oq_port_watch(port, pair[0], gen, EPOLLIN) == 0);
    int r;
    int64_t deadline_ns = oq_now_ns() + patience_ns;
    do {
        if (port->watched_fd < 0) CHECK(oq_port_watch(port, pair[0], gen, EPOLLIN) == 0);
        r = oq_port_wait(port, true, deadline_ns);
    } while (r == 0);
    return r;
}

static void data_on_a_number_used_again_is_seen(void) {
    int number = -1;
    for (int i = 0; i < 1000; i++) {
        open_pair();
        CHECK(number == -1 || number == pair[0]);
        number = pair[0];
        CHECK(write(pair[1], "x", 1) == 1);
        CHECK(await_data(LOST_NS) > 0);
        close_pair();
    }
}

static void a_surviving_duplicate_neither_spins_nor_lies(void) {
    open_pair();
    int number = pair[0], old_peer = pair[1];
    CHECK(await_data(0) == -ETIMEDOUT);
    int duplicate = dup(number);
    oq_fd_new_life(number);
    close(number);
    open_pair();
    CHECK(pair[0] == number);
    CHECK(write(old_peer, "x", 1) == 1); /* the old registration fires, under the new number */
    uint64_t rebuilt = oq.page->rebuilt;
    CHECK(await_data(20 * OQ_NS_PER_MS) == -ETIMEDOUT);
    CHECK(oq.page->rebuilt == rebuilt + 1);
    CHECK(write(pair[1], "y", 1) == 1);
    CHECK(await_data(LOST_NS) > 0);
    close(duplicate);
    close(old_peer);
    close_pair();
}

int main(void) {
    port = open_queue();
    reader = pthread_self();
    int dead[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, dead) == 0);
    close(dead[1]);
    dead_fd = dead[0];
    data_on_a_number_used_again_is_seen();
    a_surviving_duplicate_neither_spins_nor_lies();
    CHECK(race(read_wait, TRIALS, LOST_NS) == 0);
    CHECK(race(broken_read_wait, 2000, BROKEN_LOST_NS) > 0);
    printf("signal_test: %d trials, none lost\n", TRIALS);
    return 0;
}
