#define _GNU_SOURCE
#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct oq_queue oq = {.root = -1, .ready_fd = -1, .page_fd = -1};

__thread struct oq_port *oq_tls_port;

_Static_assert(sizeof(struct oq_port) <= OQ_PORT_SIZE, "StatusPage reads ports of OQ_PORT_SIZE bytes");
_Static_assert(sizeof(struct oq_page) <= OQ_PAGE_TEXT, "the text follows the numbers");

/* Keep in sync with onequeue.control.StatusPage, which reads the page from outside. */
_Static_assert(offsetof(struct oq_page, abi) == 8, "StatusPage.ABI_AT");
_Static_assert(offsetof(struct oq_page, ports_made) == 16, "StatusPage.PORTS_MADE_AT");
_Static_assert(offsetof(struct oq_page, ports_open) == 20, "StatusPage.PORTS_OPEN_AT");
_Static_assert(offsetof(struct oq_page, port_budget) == 24, "StatusPage.PORT_BUDGET_AT");
_Static_assert(offsetof(struct oq_page, ports_spare) == 28, "StatusPage.PORTS_SPARE_AT");
_Static_assert(offsetof(struct oq_page, selectors) == 32, "StatusPage.SELECTORS_AT");
_Static_assert(offsetof(struct oq_page, over_budget) == 40, "StatusPage.OVER_BUDGET_AT");
_Static_assert(offsetof(struct oq_page, rebuilt) == 48, "StatusPage.REBUILT_AT");
_Static_assert(offsetof(struct oq_page, recording) == 56, "StatusPage.RECORDING_AT");
_Static_assert(offsetof(struct oq_port, waits) == 104, "StatusPage.WAITS_AT");
_Static_assert(offsetof(struct oq_port, fired) == 200, "StatusPage.FIRED_AT");

#define KICK UINT64_MAX
#define FDS_MAX (1u << 20)
#define BUDGET_SHARE 4 /* of the descriptor limit */
/* Ended threads leave that many ports for the next ones: to make one takes five system calls. */
#define SPARE_PORTS 16

static pthread_key_t port_key;
static pthread_mutex_t ports_lock = PTHREAD_MUTEX_INITIALIZER; /* thread start and end only */
static struct oq_port *free_ports;

static void port_give_back(void *port);

int64_t oq_now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * OQ_NS_PER_S + t.tv_nsec;
}

static void *reserve(size_t bytes) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Out of the way of the low numbers that programs, and tests, like to predict. */
static int move_up(int fd) {
    struct rlimit limit;
    if (fd < 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return fd;
    int lowest = limit.rlim_cur > 4096 ? 1024 : (int)(limit.rlim_cur / 2);
    int high = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    if (high < 0) return fd;
    close(fd);
    return high;
}

static int page_open(int mode, rlim_t descriptors) {
    size_t bytes = OQ_PAGE_PORTS + (size_t)OQ_PORTS_MAX * OQ_PORT_SIZE;
    oq.page_fd = move_up((int)syscall(SYS_memfd_create, "onequeue", 1u /* MFD_CLOEXEC */));
    if (oq.page_fd < 0 || ftruncate(oq.page_fd, (off_t)bytes) != 0) return -errno;
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, oq.page_fd, 0);
    if (at == MAP_FAILED) return -errno;
    oq.page = at;
    oq.ports = (struct oq_port *)((char *)at + OQ_PAGE_PORTS);
    oq.page->magic = OQ_PAGE_MAGIC;
    oq.page->abi = OQ_ABI;
    oq.page->mode = (uint32_t)mode;
    rlim_t budget = descriptors / BUDGET_SHARE;
    oq.page->port_budget = budget < OQ_PORTS_MAX ? (uint32_t)budget : OQ_PORTS_MAX;
    return 0;
}

int oq_queue_open(int mode, bool pwait2) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    oq.fds_max = limit.rlim_max < FDS_MAX ? (uint32_t)limit.rlim_max : FDS_MAX;
    oq.fds = reserve(oq.fds_max * sizeof(struct oq_fd));
    if (oq.fds == NULL) return -ENOMEM;
    int r = page_open(mode, limit.rlim_cur);
    if (r < 0) return r;
    oq.root = move_up(epoll_create1(EPOLL_CLOEXEC));
    oq.ready_fd = move_up(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    if (oq.root < 0 || oq.ready_fd < 0) return -errno;
    oq.pwait2 = pwait2;
    return -pthread_key_create(&port_key, port_give_back);
}

/* ---- ports ---- */

static struct oq_port *port_at(uint32_t index) {
    return (struct oq_port *)((char *)oq.ports + (size_t)index * OQ_PORT_SIZE);
}

static int epoll_ctl_fd(int epfd, int op, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event ev = {.events = events, .data.u64 = tag};
    return epoll_ctl(epfd, op, fd, &ev) == 0 ? 0 : -errno;
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
    if (port->watched_fd >= 0) epoll_ctl_fd(port->epfd, EPOLL_CTL_DEL, port->watched_fd, 0, 0);
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
    int epfd = move_up(epoll_create1(EPOLL_CLOEXEC));
    if (epfd < 0) return -1;
    /* Registered without interest: a kick arms it once. */
    if (epoll_ctl_fd(epfd, EPOLL_CTL_ADD, oq.ready_fd, EPOLLONESHOT, KICK) != 0) {
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
    epoll_ctl_fd(oq.root, EPOLL_CTL_ADD, port->epfd, EPOLLIN | EPOLLONESHOT, (uint64_t)port->epfd);
}

int oq_sample(void) {
    struct epoll_event ready[64];
    int n = epoll_wait(oq.root, ready, 64, 0);
    for (int i = 0; i < n; i++) {
        epoll_ctl_fd(oq.root, EPOLL_CTL_MOD, (int)ready[i].data.u64, EPOLLIN | EPOLLONESHOT,
                     ready[i].data.u64);
    }
    return n;
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
        epoll_ctl_fd(epfd, EPOLL_CTL_MOD, oq.ready_fd, EPOLLIN | EPOLLONESHOT, KICK);
    }
}

/* ---- ports by kernel thread, for those who signal one; nodes are only ever added ---- */

struct by_pthread {
    pthread_t key;
    _Atomic(struct oq_port *) port;
    struct by_pthread *next;
};

#define BUCKETS 4096
static _Atomic(struct by_pthread *) threads[BUCKETS];

static uint32_t bucket_of(uintptr_t key) {
    return (uint32_t)(((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> 52);
}

static struct by_pthread *by_pthread(pthread_t thread) {
    struct by_pthread *node = atomic_load(&threads[bucket_of((uintptr_t)thread)]);
    while (node != NULL && !pthread_equal(node->key, thread)) node = node->next;
    return node;
}

void oq_port_register(struct oq_port *port) {
    struct by_pthread *node = by_pthread(port->pthread);
    if (node == NULL) {
        node = calloc(1, sizeof *node);
        if (node == NULL) return;
        node->key = port->pthread;
        _Atomic(struct by_pthread *) *head = &threads[bucket_of((uintptr_t)port->pthread)];
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

/* ---- waiting ---- */

static uint64_t tag_of(int fd, uint32_t gen) { return ((uint64_t)gen << 32) | (uint32_t)fd; }

int oq_port_watch(struct oq_port *port, int fd, uint32_t gen, uint32_t events) {
    int epfd = port->epfd;
    uint64_t tag = tag_of(fd, gen);
    if (port->watched_fd == fd && port->watched_gen == gen) {
        if (port->watched_events == events) return 0;
        port->watched_events = events;
        return epoll_ctl_fd(epfd, EPOLL_CTL_MOD, fd, events, tag);
    }
    port_forget(port);
    int r = epoll_ctl_fd(epfd, EPOLL_CTL_ADD, fd, events, tag);
    if (r == -EEXIST) r = epoll_ctl_fd(epfd, EPOLL_CTL_MOD, fd, events, tag);
    if (r != 0) return r;
    port->watched_fd = fd;
    port->watched_gen = gen;
    port->watched_events = events;
    return 0;
}

static int wait_once(int epfd, struct epoll_event *ev, int max, int64_t deadline_ns) {
    if (deadline_ns == OQ_FOREVER) return epoll_wait(epfd, ev, max, -1);
    int64_t left_ns = deadline_ns - oq_now_ns();
    if (left_ns <= 0) return epoll_wait(epfd, ev, max, 0);
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
        int n = wait_once(port->epfd, ev, 4, deadline_ns);
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

/* ---- descriptors ---- */

struct oq_fd *oq_fd_of(int fd) { return fd >= 0 && (uint32_t)fd < oq.fds_max ? &oq.fds[fd] : NULL; }

void oq_fd_new_life(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return;
    atomic_store(&entry->type, OQ_FD_UNKNOWN);
    atomic_store(&entry->blocking, OQ_MODE_UNKNOWN);
    atomic_store(&entry->in_tree, 0);
    atomic_store(&entry->use, OQ_USE_NONE);
    atomic_fetch_add(&entry->gen, 1);
}

static enum oq_fd_type ask_type(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0) return OQ_FD_UNKNOWN;
    if (S_ISREG(st.st_mode)) return OQ_FD_FILE;
    if (S_ISFIFO(st.st_mode)) return OQ_FD_PIPE;
    if (!S_ISSOCK(st.st_mode)) return OQ_FD_OTHER;
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return OQ_FD_OTHER;
    return type == SOCK_DGRAM ? OQ_FD_DATAGRAM : type == SOCK_STREAM ? OQ_FD_STREAM : OQ_FD_OTHER;
}

enum oq_fd_type oq_fd_type(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return OQ_FD_OTHER;
    uint8_t type = atomic_load_explicit(&entry->type, memory_order_relaxed);
    if (type == OQ_FD_UNKNOWN) {
        type = (uint8_t)ask_type(fd);
        atomic_store_explicit(&entry->type, type, memory_order_relaxed);
    }
    return (enum oq_fd_type)type;
}

bool oq_fd_blocking(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return false;
    uint8_t mode = atomic_load_explicit(&entry->blocking, memory_order_relaxed);
    if (mode == OQ_MODE_UNKNOWN) {
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) return false;
        mode = (flags & O_NONBLOCK) != 0 ? OQ_MODE_NONBLOCKING : OQ_MODE_BLOCKING;
        atomic_store_explicit(&entry->blocking, mode, memory_order_relaxed);
    }
    return mode == OQ_MODE_BLOCKING;
}

/* ---- permits ---- */

#define CELLS_MAX 262144
static _Atomic(struct oq_cell *) cells[BUCKETS];
static pthread_mutex_t cells_lock = PTHREAD_MUTEX_INITIALIZER; /* new cells only */
static struct oq_cell *cell_arena;
static uint32_t cells_made;

static struct oq_cell *cell_find(struct oq_cell *cell, uintptr_t key) {
    while (cell != NULL && cell->key != key) cell = cell->next;
    return cell;
}

struct oq_cell *oq_cell_of(uintptr_t key) {
    _Atomic(struct oq_cell *) *head = &cells[bucket_of(key)];
    struct oq_cell *cell = cell_find(atomic_load_explicit(head, memory_order_acquire), key);
    if (cell != NULL) return cell;
    pthread_mutex_lock(&cells_lock);
    cell = cell_find(atomic_load(head), key);
    if (cell == NULL) {
        if (cell_arena == NULL) cell_arena = reserve(CELLS_MAX * sizeof *cell_arena);
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
    while (atomic_load(&cell->permit) == word(me, OQ_WAITING)) {
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
    while (atomic_load(&cell->sleep) == OQ_ASLEEP) {
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

bool oq_signal(pthread_t thread, struct oq_port **target) {
    struct oq_port *port = *target = oq_port_of(thread);
    uint32_t waiting = OQ_SIG_WAITING;
    if (port == NULL || !atomic_compare_exchange_strong(&port->signal, &waiting, OQ_SIG_SIGNALLED)) {
        return false;
    }
    oq_port_kick(port);
    return true;
}
