/*
 * The file watcher: a thread of the JDK's that waits on two descriptors, inotify and its own wake-up
 * pair. On a thread of its own it waits at that thread's port; as a virtual one (see
 * onequeue.carrier.WatchThread) in the carrier port, where an epoll with the two of them hangs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "hooks.h"

typedef jint (*watch_fn)(JNIEnv *, jclass, jint, jint);

/* Both join the port for the length of the wait. */
jint oq_hook_watch(JNIEnv *env, jclass type, jint fd1, jint fd2) {
    struct oq_port *port = oq_enter(env, OQ_S_WATCH);
    if (port != NULL && oq_unify() && oq_port_open(port) && oq_fd_of(fd1) != NULL) {
        oq_fd_new_life(fd1); /* nobody tells us of the lives of inotify's: register each time */
        uint32_t gen = atomic_load(&oq_fd_of(fd1)->gen);
        struct epoll_event ev = {.events = EPOLLIN, .data.u64 = ((uint64_t)gen << 32) | (uint32_t)fd1};
        if (oq_port_watch(port, fd1, gen, EPOLLIN) == 0
            && epoll_ctl(port->epfd, EPOLL_CTL_ADD, fd2, &ev) == 0) {
            port->waits[OQ_WATCH]++;
            while (port->watched_fd == fd1 && oq_port_wait(port, true, OQ_FOREVER) <= 0) {
            }
            epoll_ctl(port->epfd, EPOLL_CTL_DEL, fd2, NULL);
        }
    }
    return ORIGINAL(watch_fn, OQ_S_WATCH)(env, type, fd1, fd2);
}

static _Atomic uint32_t watchers;

/*
 * A descriptor to wait on for a watcher, or -errno: -EMFILE past the budget, which it shares with
 * the ports.
 */
jint oq_native_open_watcher(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    if (oq.page->ports_open + atomic_fetch_add(&watchers, 1) >= oq.page->port_budget) {
        atomic_fetch_sub(&watchers, 1);
        return -EMFILE;
    }
    int epfd = oq_move_up(epoll_create1(EPOLL_CLOEXEC));
    if (epfd < 0 || oq_fd_of(epfd) == NULL) {
        int error = epfd < 0 ? -errno : -EMFILE;
        if (epfd >= 0) close(epfd);
        atomic_fetch_sub(&watchers, 1);
        return error;
    }
    oq_fd_new_life(epfd);
    return epfd;
}

jint oq_native_join_watcher(JNIEnv *env, jclass self, jint epfd, jint fd) {
    (void)env, (void)self;
    return oq_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, (uint64_t)fd);
}

/* How many of the two are ready now. */
jint oq_native_look_at_watcher(JNIEnv *env, jclass self, jint epfd) {
    (void)env, (void)self;
    struct epoll_event ready[2];
    int n;
    do {
        n = epoll_wait(epfd, ready, 2, 0);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

void oq_native_close_watcher(JNIEnv *env, jclass self, jint epfd) {
    oq_native_close_duplicate(env, self, epfd);
    atomic_fetch_sub(&watchers, 1);
}
