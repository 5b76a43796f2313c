/* The carrier port and the readiness table: what virtual threads wait on. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "queue.h"

#define KICK UINT64_MAX
#define BATCH 256
#define IN_EVENTS (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)
#define OUT_EVENTS (EPOLLOUT | EPOLLHUP | EPOLLERR)
#define END_EVENTS (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)

int oq_carrier_open(void) {
    int epfd = oq_move_up(epoll_create1(EPOLL_CLOEXEC));
    if (epfd < 0) return -errno;
    /* Registered without interest: a kick arms it once. */
    int r = oq_epoll_ctl(epfd, EPOLL_CTL_ADD, oq.ready_fd, EPOLLONESHOT, KICK);
    if (r == 0) r = oq_epoll_ctl(oq.root, EPOLL_CTL_ADD, epfd, EPOLLONESHOT, (uint64_t)epfd);
    if (r != 0) {
        close(epfd);
        return r;
    }
    oq.carrier_fd = epfd;
    return 0;
}

/* Two threads may come here for one descriptor at once, a reader and a writer: the second MODs. */
int oq_carrier_watch(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return -EMFILE;
    uint32_t gen = atomic_load(&entry->gen);
    atomic_store(&entry->ended, 0);
    uint8_t drained = OQ_R_DRAINED;
    atomic_compare_exchange_strong(&entry->in, &drained, OQ_R_LOOK);
    drained = OQ_R_DRAINED;
    atomic_compare_exchange_strong(&entry->out, &drained, OQ_R_LOOK);
    uint32_t events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
    uint64_t tag = ((uint64_t)gen << 32) | (uint32_t)fd;
    int r = oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_ADD, fd, events, tag);
    if (r == -EEXIST) r = oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_MOD, fd, events, tag);
    if (r == 0 && atomic_load(&entry->gen) == gen) atomic_store(&entry->registered, 1);
    return r;
}

/* The word for Java, or 0 for an edge of an earlier life of the number. */
static int64_t mark(const struct epoll_event *ev) {
    int fd = (int)(uint32_t)ev->data.u64;
    struct oq_fd *entry = oq_fd_of(fd);
    if (atomic_load(&entry->gen) != (uint32_t)(ev->data.u64 >> 32)) return 0;
    int64_t word = 0;
    if ((ev->events & END_EVENTS) != 0) atomic_store(&entry->ended, 1);
    if ((ev->events & IN_EVENTS) != 0) {
        atomic_store(&entry->in, OQ_R_READY);
        word |= 1;
    }
    if ((ev->events & OUT_EVENTS) != 0) {
        atomic_store(&entry->out, OQ_R_READY);
        word |= 2;
    }
    return word == 0 ? 0 : (int64_t)fd << 2 | word;
}

int oq_carrier_look(int64_t *out, int max, int64_t deadline_ns) {
    struct epoll_event ev[BATCH];
    int n;
    do {
        n = oq_epoll_wait(oq.carrier_fd, ev, max < BATCH ? max : BATCH, deadline_ns);
    } while (n == 0 && deadline_ns > 0 && oq_now_ns() < deadline_ns);
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (ev[i].data.u64 == KICK) {
            if (deadline_ns == 0) oq_carrier_kick(); /* it is for the one who waits */
            continue;
        }
        if (ev[i].data.u64 == OQ_RING_TAG) continue;
        int64_t word = mark(&ev[i]);
        if (word != 0) out[count++] = word;
    }
    return count + oq_ring_reap(out + count, max - count);
}

bool oq_table_has(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    return entry != NULL && atomic_load_explicit(&entry->registered, memory_order_relaxed) != 0;
}

ssize_t oq_table_recv(int fd, void *to, size_t size) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return -EBADF;
    /* To find DRAINED is as good as to put it in its own place. */
    if ((atomic_load(&entry->in) == OQ_R_DRAINED
         || atomic_exchange(&entry->in, OQ_R_DRAINED) == OQ_R_DRAINED)
        && !atomic_load(&entry->ended)) {
        return -EAGAIN;
    }
    bool told;
    struct oq_fd *key = oq_key_before_read(entry, &told);
    ssize_t n;
    do {
        n = recv(fd, to, size, MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    int error = n < 0 ? errno : 0;
    bool all = (n > 0 || error == EAGAIN) && oq_took_all(fd, n, size);
    if (n > 0 && !all) atomic_store(&entry->in, OQ_R_READY);
    oq_key_after_read(key, all);
    return n < 0 ? -error : n;
}

void oq_carrier_kick(void) {
    oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_MOD, oq.ready_fd, EPOLLIN | EPOLLONESHOT, KICK);
}
