/* Ports: a thread's place in the tree, and the waiting there. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "queue.h"

__thread struct oq_port *oq_tls_port;

#define KICK UINT64_MAX
/* Ended threads leave that many ports for the next ones: to make one takes five system calls. */
#define SPARE_PORTS 16

static pthread_key_t port_key;
static pthread_mutex_t ports_lock = PTHREAD_MUTEX_INITIALIZER; /* thread start and end only */
static struct oq_port *free_ports;

static struct oq_port *port_at(uint32_t index) {
    return (struct oq_port *)((char *)oq.ports + (size_t)index * OQ_PORT_SIZE);
}

static struct oq_port *new_port(void) {
    if (oq.page->ports_made == OQ_PORTS_MAX) return NULL;
    struct oq_port *port = port_at(oq.page->ports_made);
    port->index = oq.page->ports_made++;
    port->watched_fd = -1;
    atomic_store(&port->epfd, -1);
    return port;
}

struct oq_port *oq_port_take(void) {
    pthread_mutex_lock(&ports_lock);
    struct oq_port *port = free_ports;
    if (port == NULL) {
        port = new_port();
    } else {
        free_ports = port->next_free;
        if (port->epfd >= 0) {
            oq.page->ports_spare--;
            oq.page->ports_open++;
        }
    }
    pthread_mutex_unlock(&ports_lock);
    if (port == NULL) return NULL;
    port->last_read_full = port->budget_spent = port->reporting = false;
    port->carrier = 0;
    port->dry_fd = -1;
    port->outer_depth = port->idle_depth = 0;
    atomic_store(&port->signal, OQ_SIG_IDLE);
    port->cell = NULL;
    port->pthread = pthread_self();
    oq_tls_port = port;
    pthread_setspecific(port_key, port);
    return port;
}

/* Often gone by itself (closed): that it is gone is all we want. */
static void port_forget(struct oq_port *port) {
    if (port->watched_fd >= 0) oq_epoll_ctl(port->epfd, EPOLL_CTL_DEL, port->watched_fd, 0, 0);
    port->watched_fd = -1;
}

/* Runs as the kernel thread ends, after the VM has let go of it. */
static void port_give_back(void *at) {
    struct oq_port *port = at;
    struct oq_port *mine = port;
    if (port->cell != NULL) atomic_compare_exchange_strong(&port->cell->port, &mine, NULL);
    port_forget(port);
    pthread_mutex_lock(&ports_lock);
    if (port->epfd >= 0 && oq.page->ports_spare < SPARE_PORTS) {
        oq.page->ports_open--;
        oq.page->ports_spare++;
    } else if (port->epfd >= 0) {
        close(atomic_exchange(&port->epfd, -1));
        port->in_tree = false;
        oq.page->ports_open--;
    }
    port->next_free = free_ports;
    free_ports = port;
    pthread_mutex_unlock(&ports_lock);
    oq_tls_port = NULL;
}

static int port_make_epfd(void) {
    int epfd = oq_move_up(epoll_create1(EPOLL_CLOEXEC));
    if (epfd < 0) return -1;
    /* Registered without interest: a kick arms it once. */
    if (oq_epoll_ctl(epfd, EPOLL_CTL_ADD, oq.ready_fd, EPOLLONESHOT, KICK) != 0) {
        close(epfd);
        return -1;
    }
    return epfd;
}

/*
 * Into the tree, so that the root can tell. Only while a recording samples the root: each wake-up
 * of a nested port costs some 250 ns more, even where the root is not armed.
 */
static void port_join(struct oq_port *port) {
    port->in_tree = true;
    oq_epoll_ctl(oq.root, EPOLL_CTL_ADD, port->epfd, EPOLLIN | EPOLLONESHOT, (uint64_t)port->epfd);
}

bool oq_port_open(struct oq_port *port) {
    if (atomic_load_explicit(&port->epfd, memory_order_relaxed) >= 0) {
        if (atomic_load_explicit(&oq.recording, memory_order_relaxed) && !port->in_tree) {
            port_join(port);
        }
        return true;
    }
    if (!port->budget_spent) {
        pthread_mutex_lock(&ports_lock);
        int epfd = oq.page->ports_open < oq.page->port_budget ? port_make_epfd() : -1;
        if (epfd >= 0) {
            oq.page->ports_open++;
            atomic_store(&port->epfd, epfd);
        }
        pthread_mutex_unlock(&ports_lock);
        if (epfd >= 0) return true;
        port->budget_spent = true;
    }
    __atomic_fetch_add(&oq.page->over_budget, 1, __ATOMIC_RELAXED);
    return false;
}

void oq_port_kick(struct oq_port *port) {
    int epfd = atomic_load(&port->epfd);
    if (epfd >= 0) {
        oq_epoll_ctl(epfd, EPOLL_CTL_MOD, oq.ready_fd, EPOLLIN | EPOLLONESHOT, KICK);
    }
}

void oq_ports_leave(void) {
    atomic_store(&oq.over, true);
    for (uint32_t i = 0; i < oq.page->ports_made; i++) oq_port_kick(port_at(i));
}

/* ---- ports by kernel thread, for those who signal one; nodes are only ever added ---- */

struct by_pthread {
    pthread_t key;
    _Atomic(struct oq_port *) port;
    struct by_pthread *next;
};

static _Atomic(struct by_pthread *) threads[OQ_BUCKETS];

static struct by_pthread *by_pthread(pthread_t thread) {
    struct by_pthread *node = atomic_load(&threads[oq_bucket_of((uintptr_t)thread)]);
    while (node != NULL && !pthread_equal(node->key, thread)) node = node->next;
    return node;
}

void oq_port_register(struct oq_port *port) {
    struct by_pthread *node = by_pthread(port->pthread);
    if (node == NULL) {
        node = calloc(1, sizeof *node);
        if (node == NULL) return;
        node->key = port->pthread;
        _Atomic(struct by_pthread *) *head = &threads[oq_bucket_of((uintptr_t)port->pthread)];
        node->next = atomic_load(head);
        while (!atomic_compare_exchange_weak(head, &node->next, node)) {
        }
    }
    atomic_store(&node->port, port);
}

struct oq_port *oq_port_of(pthread_t thread) {
    struct by_pthread *node = by_pthread(thread);
    struct oq_port *port = node == NULL ? NULL : atomic_load(&node->port);
    /* A slot that another thread took over since is not this thread's. */
    return port != NULL && pthread_equal(port->pthread, thread) ? port : NULL;
}

bool oq_signal(pthread_t thread, struct oq_port **target) {
    struct oq_port *port = *target = oq_port_of(thread);
    uint32_t waiting = OQ_SIG_WAITING;
    if (port == NULL || !atomic_compare_exchange_strong(&port->signal, &waiting, OQ_SIG_SIGNALLED)) {
        return false;
    }
    oq_port_kick(port);
    return true;
}

/* ---- waiting ---- */

static uint64_t tag_of(int fd, uint32_t gen) { return ((uint64_t)gen << 32) | (uint32_t)fd; }

int oq_port_watch(struct oq_port *port, int fd, uint32_t gen, uint32_t events) {
    int epfd = port->epfd;
    uint64_t tag = tag_of(fd, gen);
    if (port->watched_fd == fd && port->watched_gen == gen) {
        if (port->watched_events == events) return 0;
        port->watched_events = events;
        return oq_epoll_ctl(epfd, EPOLL_CTL_MOD, fd, events, tag);
    }
    port_forget(port);
    int r = oq_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, events, tag);
    if (r == -EEXIST) r = oq_epoll_ctl(epfd, EPOLL_CTL_MOD, fd, events, tag);
    if (r != 0) return r;
    port->watched_fd = fd;
    port->watched_gen = gen;
    port->watched_events = events;
    return 0;
}

int oq_epoll_wait(int epfd, struct epoll_event *ev, int max, int64_t deadline_ns) {
    if (deadline_ns == OQ_FOREVER) return epoll_wait(epfd, ev, max, -1);
    int64_t left_ns = deadline_ns - oq_now_ns();
    if (left_ns <= 0) return epoll_wait(epfd, ev, max, 0);
    /*
     * The kernel lets such a wait end a thousandth late. So a long one ends a thousandth early, and
     * the caller comes again for the rest.
     */
    if (left_ns > 20 * OQ_NS_PER_MS) left_ns -= left_ns / 1000;
    struct timespec t = {.tv_sec = left_ns / OQ_NS_PER_S, .tv_nsec = left_ns % OQ_NS_PER_S};
#ifdef SYS_epoll_pwait2
    if (oq.pwait2) return (int)syscall(SYS_epoll_pwait2, epfd, ev, max, &t, NULL, 0);
#endif
    struct pollfd p = {.fd = epfd, .events = POLLIN};
    int r = ppoll(&p, 1, &t, NULL);
    return r <= 0 ? r : epoll_wait(epfd, ev, max, 0);
}

/*
 * A registration of an earlier life fires: its descriptor number was closed while a duplicate (a
 * forked child, say) keeps the file open, and then no epoll_ctl can name it any more. A new epoll
 * instance leaves it behind.
 */
static void port_rebuild(struct oq_port *port) {
    int fresh = port_make_epfd();
    if (fresh < 0) return; /* at the descriptor limit: the event comes again, and so do we */
    int old = atomic_exchange(&port->epfd, fresh);
    close(old);
    port->watched_fd = -1;
    port->in_tree = false;
    __atomic_fetch_add(&oq.page->rebuilt, 1, __ATOMIC_RELAXED);
}

int oq_port_wait(struct oq_port *port, bool watching, int64_t deadline_ns) {
    struct epoll_event ev[4];
    for (;;) {
        int n = oq_epoll_wait(port->epfd, ev, 4, deadline_ns);
        if (n < 0 && errno != EINTR) return 0; /* as good as a kick: the caller looks again */
        if (n == 0 && deadline_ns != OQ_FOREVER && oq_now_ns() >= deadline_ns) return -ETIMEDOUT;
        bool kicked = n < 0;
        uint32_t ready = 0;
        for (int i = 0; i < n; i++) {
            uint64_t tag = ev[i].data.u64;
            if (tag == KICK) {
                kicked = true;
            } else if (port->watched_fd < 0 || tag != tag_of(port->watched_fd, port->watched_gen)) {
                port_rebuild(port);
                return 0;
            } else if (watching) {
                ready = ev[i].events;
            } else {
                port_forget(port);
            }
        }
        if (ready != 0) return (int)ready;
        if (kicked) return 0;
    }
}

int oq_ports_init(void) { return -pthread_key_create(&port_key, port_give_back); }
