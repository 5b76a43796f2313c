/* Keys that come and go, beside twins with one guard taken out; and what the kernel is told. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

#define PIECE 4

static int selector, near, far;
static int wake_fd;         /* the selector's own, as the JDK has one */
static _Atomic unsigned target;
static _Atomic bool handed; /* the reader's turn */
static _Atomic unsigned received;
static _Atomic bool shown;  /* a twin has lost once: the rest of its trials is skipped */
static _Atomic bool over;

static struct oq_fd *key(void) {
    struct oq_fd *found = oq_fd_of(near);
    CHECK(found != NULL);
    return found;
}

static int ctl(int op, uint32_t events) {
    int r = oq_selector_ctl(selector, op, near, events);
    if (r == OQ_CTL_STOCK) return oq_epoll_ctl(selector, op, near, events, (uint32_t)near);
    return r == OQ_CTL_SAVED ? 0 : r;
}

/* As the hook does it. The events that the program sees. */
static int select_until(struct epoll_event *ev, int64_t deadline_ns) {
    bool ready = oq_selector_before_wait(selector);
    for (;;) {
        int n = oq_epoll_wait(selector, ev, 8, ready ? 0 : deadline_ns);
        CHECK(n >= 0);
        ready = false;
        int kept = oq_selector_sift(selector, ev, n, 8);
        if (kept > 0 || deadline_ns == 0 || oq_now_ns() >= deadline_ns) return kept;
    }
}

static void new_pair(void) {
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    far = both[1];
    oq_fd_new_life(near);
}

/* TCP, with urgent data out of line. */
static void new_connection(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(server, (struct sockaddr *)&at, size) == 0 && listen(server, 1) == 0);
    CHECK(getsockname(server, (struct sockaddr *)&at, &size) == 0);
    far = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(far, (struct sockaddr *)&at, size) == 0);
    near = accept4(server, NULL, NULL, SOCK_NONBLOCK);
    CHECK(near >= 0);
    close(server);
    oq_fd_new_life(near);
}

static void close_pair(void) {
    oq_fd_new_life(near);
    close(near);
    close(far);
}

static void new_selector(void) {
    selector = epoll_create1(EPOLL_CLOEXEC);
    CHECK(selector >= 0);
    oq_fd_new_life(selector);
    oq_selector_born(selector);
}

static void close_selector(void) {
    oq_fd_new_life(selector);
    close(selector);
}

static void send_some(size_t size) {
    char bytes[3 * PIECE] = {0};
    CHECK(send(far, bytes, size, 0) == (ssize_t)size);
}

/* ---- the race: one selects, one reads, one sends ---- */

static void read_well(void) {
    char bytes[PIECE];
    bool told;
    struct oq_fd *marked = oq_key_before_read(key(), &told);
    ssize_t n = recv(near, bytes, sizeof bytes, MSG_DONTWAIT);
    oq_key_after_read(marked, n > 0 ? n < PIECE : n < 0 && errno == EAGAIN);
    if (n > 0) atomic_fetch_add(&received, (unsigned)n);
}

/* Takes what was full for all there was. */
static void read_and_forget_the_rest(void) {
    char bytes[PIECE];
    bool told;
    struct oq_fd *marked = oq_key_before_read(key(), &told);
    ssize_t n = recv(near, bytes, sizeof bytes, MSG_DONTWAIT);
    oq_key_after_read(marked, true);
    if (n > 0) atomic_fetch_add(&received, (unsigned)n);
}

/* Says before the read what only its end can tell: the key may be taken up in between. */
static void read_and_tell_too_early(void) {
    char bytes[PIECE];
    atomic_store(&key()->key_in, OQ_R_DRAINED);
    LINGER_UNTIL(key()->key_wanted != 0);
    ssize_t n = recv(near, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == PIECE) atomic_store(&key()->key_in, OQ_R_READY);
    if (n > 0) atomic_fetch_add(&received, (unsigned)n);
}

static void (*read_once)(void);

static void *reader(void *unused) {
    (void)unused;
    while (!atomic_load(&over)) {
        if (!atomic_load(&handed)) {
            sched_yield();
            continue;
        }
        read_once();
        if (atomic_load(&received) == atomic_load(&target)) CHECK(eventfd_write(wake_fd, 1) == 0);
        atomic_store(&handed, false);
    }
    return NULL;
}

static void receive_all(unsigned trial, int64_t deadline_ns) {
    struct epoll_event ev[8];
    eventfd_t woken;
    atomic_fetch_add(&target, 1 + trial % (3 * PIECE));
    key()->key_credit = 16; /* else it would soon be as stock has it */
    while (!atomic_load(&shown) && atomic_load(&received) != atomic_load(&target)) {
        CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
        int n = select_until(ev, deadline_ns);
        CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
        if (n == 0) {
            running->lost++;
            atomic_store(&shown, true);
            return;
        }
        atomic_store(&handed, true);
        if (trial % 3 == 0) select_until(ev, 0); /* a look while nobody wants it */
        if (trial % 2 == 0) {                    /* else it is taken up while it is being read */
            while (atomic_load(&handed)) sched_yield();
        }
    }
    while (atomic_load(&handed)) sched_yield();
    eventfd_read(wake_fd, &woken);
}

static void send_a_few(unsigned trial) {
    if (!atomic_load(&shown)) send_some(1 + trial % (3 * PIECE));
}

static unsigned race(void (*how)(void), unsigned trials, int64_t patience_ns) {
    new_selector();
    new_pair();
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(oq_epoll_ctl(selector, EPOLL_CTL_ADD, wake_fd, EPOLLIN, (uint32_t)wake_fd) == 0);
    read_once = how;
    atomic_store(&received, 0);
    atomic_store(&target, 0);
    atomic_store(&shown, false);
    atomic_store(&over, false);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, reader, NULL) == 0);
    struct race r = {.wait_side = receive_all,
                     .wake_side = send_a_few,
                     .trials = trials,
                     .patience_ns = patience_ns};
    unsigned lost = run_race(&r);
    atomic_store(&over, true);
    pthread_join(thread, NULL);
    close(wake_fd);
    close_pair();
    close_selector();
    return lost;
}

/* Takes up without a look at the marks: what was not read stays unseen. */
static void the_marks_are_needed(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0 && ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    send_some(3);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    atomic_store(&key()->key_in, OQ_R_DRAINED); /* a lie: nobody has read */
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(select_until(ev, oq_now_ns() + BROKEN_LOST_NS) == 0);
    close_pair();
    close_selector();
}

/* ---- one thread: what the program sees, and what the kernel is told ---- */

/* Brings the key to edge: it has been dropped once and taken up again. */
static void make_edge(void) {
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0 && ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(!atomic_load(&key()->key_edge));
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(atomic_load(&key()->key_edge));
}

static void a_wanted_key_stays_ready_until_it_is_read(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    send_some(3);
    for (int i = 0; i < 6; i++) {
        CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
        CHECK(ev[0].data.fd == near && ev[0].events == EPOLLIN);
        if (i == 2) CHECK(atomic_load(&key()->key_edge)); /* the kernel was told nothing yet */
    }
    CHECK(!atomic_load(&key()->key_edge));
    read_well();
    CHECK(select_until(ev, 0) == 0);
    close_pair();
    close_selector();
}

static void a_dropped_key_shows_nothing(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(atomic_load(&key()->key_edge)); /* the kernel was not told */
    send_some(3);
    CHECK(select_until(ev, 0) == 0);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    CHECK(ev[0].data.fd == near && ev[0].events == EPOLLIN);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0); /* nobody has read yet */
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    read_well();
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(select_until(ev, 0) == 0);
    CHECK(atomic_load(&key()->key_edge)); /* all this the kernel was not told */
    close_pair();
    close_selector();
}

static void the_end_of_the_stream_is_seen(bool with_data) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    if (with_data) send_some(3);
    CHECK(shutdown(far, SHUT_WR) == 0);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1 && (ev[0].events & EPOLLIN) != 0);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    if (with_data) read_well(); /* short, and yet not the end of it */
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1 && (ev[0].events & EPOLLIN) != 0);
    close_pair();
    close_selector();
}

static void other_interests_are_the_kernels(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    CHECK(ctl(EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT) == 0);
    CHECK(select_until(ev, 0) == 1 && ev[0].events == EPOLLOUT);
    CHECK(select_until(ev, 0) == 1 && ev[0].events == EPOLLOUT);
    CHECK(ctl(EPOLL_CTL_MOD, EPOLLIN) == 0);
    CHECK(select_until(ev, 0) == 0);
    close_pair();
    close_selector();
}

static void a_new_life_begins_anew(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    int number = near;
    int survivor = dup(near);
    close_pair();
    new_pair();
    CHECK(near == number);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    send_some(3);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) >= 1);
    close(survivor);
    close_pair();
    close_selector();
}

/* The number was closed and given out again where nobody told us. */
static void a_life_that_nobody_told_us_of(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    int number = near;
    close(near);
    close(far);
    int both[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    near = both[0];
    far = both[1];
    CHECK(near == number);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    send_some(3);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    close_pair();
    close_selector();
}

static void a_second_selector_is_stock(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    int first = selector;
    new_selector();
    CHECK(oq_selector_ctl(selector, EPOLL_CTL_ADD, near, EPOLLIN) == OQ_CTL_STOCK);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(oq_selector_ctl(selector, EPOLL_CTL_DEL, near, 0) == OQ_CTL_STOCK);
    send_some(3);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    close_selector();
    selector = first;
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    close_pair();
    close_selector();
}

/* As the hook does it. The bytes read, or -1. */
static ssize_t hooked_read(struct oq_port *port, size_t size) {
    char bytes[64];
    if (oq_key_answers(port, near)) return -1;
    bool told;
    struct oq_fd *marked = oq_key_before_read(key(), &told);
    ssize_t n = recv(near, bytes, size, MSG_DONTWAIT);
    bool all = n != 0 && oq_took_all(near, n, size);
    oq_key_after_read(marked, all);
    if (all && n > 0 && told) oq_key_is_dry(port, near);
    return n;
}

/* Sends, and brings it into the table by a look at the selector; the key is dropped then. */
static void arrive(size_t size) {
    struct epoll_event ev[8];
    send_some(size);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
}

static void reads_that_would_block_are_answered_once(void) {
    struct oq_port *port = oq_port_take();
    new_selector();
    new_connection();
    make_edge();
    for (int on = 0; on < 2; on++) {
        atomic_store(&oq.answers, on);
        arrive(3);
        uint64_t before = port->answered;
        CHECK(hooked_read(port, 64) == 3);
        send_some(2); /* nobody knows of it yet */
        CHECK(hooked_read(port, 64) == (on ? -1 : 2));
        CHECK(hooked_read(port, 64) == (on ? 2 : -1));
        CHECK(port->answered - before == (uint64_t)on);
        CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    }
    close_pair();
    close_selector();
}

static void what_is_known_is_not_answered_away(void) {
    struct epoll_event ev[8];
    struct oq_port *port = oq_port_take();
    atomic_store(&oq.answers, true);
    new_selector();
    new_connection();
    make_edge();
    arrive(3);
    CHECK(hooked_read(port, 2) == 2); /* not all */
    CHECK(hooked_read(port, 64) == 1);
    send_some(2);
    CHECK(select_until(ev, 0) == 0); /* not wanted, yet seen */
    CHECK(hooked_read(port, 64) == 2);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    send_some(3);
    CHECK(shutdown(far, SHUT_WR) == 0); /* data and end are one edge */
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1);
    CHECK(hooked_read(port, 64) == 3);
    CHECK(hooked_read(port, 64) == 0);
    close_pair();
    new_connection(); /* of the same number */
    make_edge();
    arrive(3);
    CHECK(hooked_read(port, 64) == 3);
    close_pair();
    new_connection();
    send_some(1);
    CHECK(hooked_read(port, 64) == 1);
    CHECK(!oq_key_answers(port, -1)); /* closed by another thread just now */
    close_pair();
    close_selector();
}

/* The end is there already when somebody reads what no edge has told of. */
static void an_end_that_no_edge_has_told_of_is_found(void) {
    struct epoll_event ev[8];
    struct oq_port *port = oq_port_take();
    atomic_store(&oq.answers, true);
    new_selector();
    new_connection();
    make_edge();
    arrive(3);
    CHECK(hooked_read(port, 64) == 3);
    port->dry_fd = -1;
    send_some(3);
    CHECK(shutdown(far, SHUT_WR) == 0);
    CHECK(hooked_read(port, 64) == 3);
    CHECK(hooked_read(port, 64) == 0);
    close_pair();
    new_connection();
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    send_some(3);
    CHECK(shutdown(far, SHUT_WR) == 0);
    CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1); /* the kernel tells of it, level-triggered */
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    CHECK(hooked_read(port, 64) == 3);
    CHECK(hooked_read(port, 64) == 0);
    close_pair();
    close_selector();
}

/* A read ends before urgent data, however much there is behind it. */
static void urgent_data_hides_nothing(bool in_line) {
    struct epoll_event ev[8];
    int on = in_line;
    struct oq_port *port = oq_port_take();
    atomic_store(&oq.answers, true);
    new_selector();
    new_connection();
    CHECK(setsockopt(near, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on) == 0);
    make_edge();
    CHECK(send(far, "ab", 2, 0) == 2 && send(far, "c", 1, MSG_OOB) == 1 && send(far, "de", 2, 0) == 2);
    size_t left = in_line ? 5 : 4;
    while (left > 0) {
        CHECK(select_until(ev, oq_now_ns() + LOST_NS) == 1 && (ev[0].events & EPOLLIN) != 0);
        CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
        ssize_t n = hooked_read(port, 64);
        CHECK(n > 0);
        left -= (size_t)n;
        CHECK(ctl(EPOLL_CTL_ADD, EPOLLIN) == 0);
    }
    CHECK(select_until(ev, 0) == 0);
    close_pair();
    close_selector();
}

static void lapses_end_it(void) {
    struct epoll_event ev[8];
    new_selector();
    new_pair();
    make_edge();
    CHECK(ctl(EPOLL_CTL_DEL, 0) == 0);
    for (int i = 0; i < 10; i++) { /* as when somebody reads it without a selector */
        send_some(1);
        CHECK(select_until(ev, 0) == 0);
        read_well();
    }
    CHECK(!atomic_load(&key()->key_edge));
    close_pair();
    close_selector();
}

int main(void) {
    open_queue();
    a_wanted_key_stays_ready_until_it_is_read();
    a_dropped_key_shows_nothing();
    the_end_of_the_stream_is_seen(false);
    the_end_of_the_stream_is_seen(true);
    other_interests_are_the_kernels();
    a_new_life_begins_anew();
    a_life_that_nobody_told_us_of();
    a_second_selector_is_stock();
    lapses_end_it();
    the_marks_are_needed();
    reads_that_would_block_are_answered_once();
    what_is_known_is_not_answered_away();
    an_end_that_no_edge_has_told_of_is_found();
    urgent_data_hides_nothing(false);
    urgent_data_hides_nothing(true);
    CHECK(race(read_well, TRIALS, LOST_NS) == 0);
    CHECK(race(read_and_forget_the_rest, TRIALS, BROKEN_LOST_NS) > 0);
    CHECK(race(read_and_tell_too_early, TRIALS, BROKEN_LOST_NS) > 0);
    printf("selector_test: %d trials, none lost\n", TRIALS);
    return 0;
}
