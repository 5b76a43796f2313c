/* Selectors whose keys come and go: interest that changes without the kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>

#include "queue.h"

#define CREDIT_AT_FIRST 4
#define CREDIT_MOST 16
#define CREDIT_OF_A_LAPSE 2
#define REPEATS_MOST 2
#define EDGE(events) ((events) | EPOLLRDHUP | EPOLLPRI | EPOLLET)

struct oq_fds {
    int count, room;
    int *at;
};

struct oq_selector {
    struct oq_fds told;  /* reported at the last wait, and ready still if nobody read them */
    struct oq_fds ready; /* an edge has come and nobody has read: reported at the next wait */
};

static _Atomic uint32_t serials;

void oq_selector_born(int epfd) {
    struct oq_fd *entry = oq_fd_of(epfd);
    if (entry != NULL) atomic_store(&entry->serial, atomic_fetch_add(&serials, 1) + 1);
}

static uint64_t owned_by(const struct oq_fd *selector, const struct oq_fd *key) {
    return (uint64_t)atomic_load(&key->gen) << 32 | atomic_load(&selector->serial);
}

static uint64_t tag_of(const struct oq_fd *key, int fd) {
    return (uint64_t)atomic_load(&key->gen) << 32 | (uint32_t)fd;
}

/* Whether the key belongs to the selector. The first one that drops a key of this life claims it. */
static bool is_mine(const struct oq_fd *selector, struct oq_fd *key, bool claim) {
    uint64_t mine = owned_by(selector, key);
    uint64_t owner = atomic_load(&key->key_owner);
    if (owner == mine) return true;
    if (!claim || owner >> 32 == mine >> 32) return false;
    if (!atomic_compare_exchange_strong(&key->key_owner, &owner, mine)) return false;
    atomic_store(&key->key_edge, 0);
    atomic_store(&key->key_ended, 0);
    key->key_credit = CREDIT_AT_FIRST;
    key->key_wanted = 0;
    return true;
}

static void lapse(struct oq_fd *key) {
    atomic_store(&key->key_edge, 0);
    key->key_credit = key->key_credit > CREDIT_OF_A_LAPSE ? key->key_credit - CREDIT_OF_A_LAPSE : 0;
}

static bool drained(struct oq_fd *key) {
    return atomic_load(&key->key_in) == OQ_R_DRAINED && !atomic_load(&key->key_ended);
}

/* False: no memory. */
static bool put(struct oq_fds *fds, int fd) {
    if (fds->count == fds->room) {
        int room = fds->room == 0 ? 16 : fds->room * 2;
        int *more = realloc(fds->at, (size_t)room * sizeof *more);
        if (more == NULL) return false;
        fds->at = more;
        fds->room = room;
    }
    fds->at[fds->count++] = fd;
    return true;
}

static struct oq_selector *lists_of(struct oq_fd *selector) {
    struct oq_selector *lists = atomic_load(&selector->selector);
    if (lists == NULL) {
        lists = calloc(1, sizeof *lists);
        atomic_store(&selector->selector, lists);
    }
    return lists;
}

void oq_selector_gone(struct oq_fd *entry) {
    atomic_store(&entry->serial, 0);
    if (atomic_load_explicit(&entry->selector, memory_order_relaxed) == NULL) return;
    struct oq_selector *lists = atomic_exchange(&entry->selector, NULL);
    if (lists == NULL) return;
    free(lists->told.at);
    free(lists->ready.at);
    free(lists);
}

/* Puts the key back to what the kernel does by itself: ready for as long as there is something. */
static int make_level(int epfd, int fd, struct oq_fd *key) {
    lapse(key);
    return oq_epoll_ctl(epfd, EPOLL_CTL_MOD, fd, key->key_wanted, tag_of(key, fd));
}

static int add_edge(int epfd, int fd, struct oq_fd *key, uint32_t events) {
    atomic_store(&key->key_in, OQ_R_ADDED);
    atomic_store(&key->key_edge, 1);
    key->key_wanted = events;
    key->key_repeats = 0;
    int r = oq_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, EDGE(events), tag_of(key, fd));
    if (r != 0) atomic_store(&key->key_edge, 0);
    return r;
}

/* An edge that nobody has looked at is remembered for the next wait. */
static bool remember(struct oq_fd *selector, int fd, struct oq_fd *key) {
    struct oq_selector *lists = lists_of(selector);
    return atomic_load(&key->key_in) == OQ_R_READY && lists != NULL && put(&lists->ready, fd);
}

/* Wanted again. What is drained will show by an edge; in the middle of a read the kernel looks. */
static int want(int epfd, int fd, struct oq_fd *selector, struct oq_fd *key, uint32_t events) {
    key->key_wanted = events;
    key->key_repeats = 0;
    if (key->key_credit < CREDIT_MOST) key->key_credit++;
    if (drained(key) || remember(selector, fd, key)) return OQ_CTL_SAVED;
    int r = oq_epoll_ctl(epfd, EPOLL_CTL_MOD, fd, EDGE(events), tag_of(key, fd));
    return r == -ENOENT ? add_edge(epfd, fd, key, events) : r;
}

/* Reported, and still wanted: a program may look twice before it sees to its keys. */
static void repeat(int epfd, int fd, struct oq_fd *selector, struct oq_fd *key) {
    if (++key->key_repeats > REPEATS_MOST || !remember(selector, fd, key)) make_level(epfd, fd, key);
}

int oq_selector_ctl(int epfd, int op, int fd, uint32_t events) {
    struct oq_fd *selector = oq_fd_of(epfd), *key = oq_fd_of(fd);
    if (selector == NULL || key == NULL || atomic_load(&selector->serial) == 0) return OQ_CTL_STOCK;
    if (!is_mine(selector, key, op == EPOLL_CTL_DEL)) return OQ_CTL_STOCK;
    bool edge = atomic_load(&key->key_edge) != 0;
    if (op == EPOLL_CTL_DEL) {
        if (!edge) return OQ_CTL_STOCK;
        key->key_wanted = 0;
        return OQ_CTL_SAVED;
    }
    if (events == EPOLLIN && op == EPOLL_CTL_ADD) {
        if (edge) return want(epfd, fd, selector, key, events);
        return key->key_credit == 0 ? OQ_CTL_STOCK : add_edge(epfd, fd, key, events);
    }
    if (!edge) return OQ_CTL_STOCK;
    key->key_wanted = events; /* of another kind: in the kernel it is, whatever the program thinks */
    int r = make_level(epfd, fd, key);
    return r == -ENOENT && op == EPOLL_CTL_ADD ? OQ_CTL_STOCK : r;
}

void oq_key_is_dry(struct oq_port *port, int fd) {
    struct oq_fd *key = oq_fd_of(fd);
    if (!atomic_load_explicit(&oq.answers, memory_order_relaxed) || !drained(key)) return;
    port->dry_gen = atomic_load(&key->gen);
    port->dry_fd = fd;
}

bool oq_key_answers(struct oq_port *port, int fd) {
    bool dry = fd >= 0 && fd == port->dry_fd;
    port->dry_fd = -1;
    if (!dry) return false;
    struct oq_fd *key = oq_fd_of(fd);
    uint32_t gen = atomic_load(&key->gen);
    bool life = port->dry_gen == gen && atomic_load(&key->key_owner) >> 32 == gen;
    if (!life || !atomic_load(&key->key_edge) || !drained(key)) return false;
    port->answered++;
    return true;
}

bool oq_selector_before_wait(int epfd) {
    struct oq_fd *selector = oq_fd_of(epfd);
    struct oq_selector *lists = selector == NULL ? NULL : atomic_load(&selector->selector);
    if (lists == NULL) return false;
    for (int i = 0; i < lists->told.count; i++) {
        int fd = lists->told.at[i];
        struct oq_fd *key = oq_fd_of(fd);
        if (!is_mine(selector, key, false) || !atomic_load(&key->key_edge)) continue;
        if (key->key_wanted != 0 && !drained(key)) repeat(epfd, fd, selector, key);
    }
    lists->told.count = 0;
    return lists->ready.count > 0;
}

/* To be reported now. An event for the program, or 0. */
static uint32_t tell(int epfd, struct oq_fd *selector, int fd, struct oq_fd *key, uint32_t events) {
    struct oq_selector *lists = lists_of(selector);
    if (lists == NULL || !put(&lists->told, fd)) make_level(epfd, fd, key);
    return events & (key->key_wanted | EPOLLERR | EPOLLHUP);
}

static uint32_t take_edge(int epfd, struct oq_fd *selector, int fd, struct oq_fd *key, uint32_t events) {
    if ((events & ~(uint32_t)EPOLLIN) != 0) atomic_store(&key->key_ended, 1);
    atomic_store(&key->key_in, OQ_R_READY);
    if (key->key_wanted != 0) return tell(epfd, selector, fd, key, events);
    if (key->key_credit > 1) {
        key->key_credit--; /* it came a little early */
    } else {
        lapse(key);
        oq_epoll_ctl(epfd, EPOLL_CTL_DEL, fd, 0, 0);
    }
    return 0;
}

/* Appends what was ready before the wait, but for what the wait has told. */
static int add_ready(int epfd, struct oq_fd *selector, struct epoll_event *events, int count, int max) {
    struct oq_selector *lists = atomic_load(&selector->selector);
    if (lists == NULL) return count;
    while (lists->ready.count > 0 && count < max) {
        int fd = lists->ready.at[--lists->ready.count];
        struct oq_fd *key = oq_fd_of(fd);
        if (!is_mine(selector, key, false) || !atomic_load(&key->key_edge)) continue;
        if (key->key_wanted == 0 || drained(key)) continue;
        bool told = false;
        for (int i = 0; i < count && !told; i++) told = events[i].data.fd == fd;
        if (told) continue;
        uint32_t bits = tell(epfd, selector, fd, key, EPOLLIN);
        events[count] = (struct epoll_event){.events = bits, .data.u64 = tag_of(key, fd)};
        count++;
    }
    return count;
}

int oq_selector_sift(int epfd, struct epoll_event *events, int count, int max) {
    struct oq_fd *selector = oq_fd_of(epfd);
    if (selector == NULL || atomic_load(&selector->serial) == 0) return count;
    int kept = 0;
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        struct oq_fd *key = oq_fd_of(fd);
        uint32_t bits = events[i].events;
        if (key != NULL && atomic_load_explicit(&key->key_edge, memory_order_relaxed)
            && is_mine(selector, key, false)) {
            bits = take_edge(epfd, selector, fd, key, bits);
        }
        if (bits == 0) continue;
        events[kept] = events[i];
        events[kept++].events = bits;
    }
    return add_ready(epfd, selector, events, kept, max);
}
