/* Selectors: threads that wait on a set of descriptors. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>

#include "hooks.h"

typedef jint (*wait_fn)(JNIEnv *, jclass, jint, jlong, jint, jint);

/* A selector is an epoll instance already: while a recording samples the tree it joins as it is. */
static void join_tree(int epfd, struct oq_fd *entry) {
    struct epoll_event ev = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = (uint64_t)epfd};
    atomic_store(&entry->in_tree, 1);
    if (epoll_ctl(oq.root, EPOLL_CTL_ADD, epfd, &ev) == 0) {
        __atomic_fetch_add(&oq.page->selectors, 1, __ATOMIC_RELAXED);
    }
}

/* A selector that was woken finds its eventfd among the ready: whoever wrote it is the waker. */
static void name_waker(JNIEnv *env, struct oq_port *port, const struct epoll_event *events, int n) {
    for (int i = 0; i < n; i++) {
        struct oq_fd *entry = oq_fd_of(events[i].data.fd);
        void *waker = entry == NULL ? NULL : atomic_exchange(&entry->waker, NULL);
        if (waker == NULL) continue;
        atomic_store(&port->cell->woken_ns, atomic_load(&entry->woken_ns));
        waker = atomic_exchange(&port->cell->waker, waker);
        if (waker != NULL) (*env)->DeleteWeakGlobalRef(env, waker);
    }
}

/* An interrupt wakes the selector up, so that it looks ready. */
static enum oq_outcome outcome_of(JNIEnv *env, struct oq_port *port, int n) {
    jobject me = n > 0 ? oq_me(env, port) : NULL;
    bool interrupted = me != NULL && oq_interrupted(env, me);
    if (me != NULL) (*env)->DeleteLocalRef(env, me);
    if (interrupted) return OQ_INTERRUPTED;
    return n > 0 ? OQ_READY : n == 0 ? OQ_TIMED_OUT : OQ_SPURIOUS;
}

static jint recorded_wait(JNIEnv *env, struct oq_port *port, jclass type, jint epfd, jlong address,
                          jint max, jint timeout_ms) {
    struct epoll_event *events = (struct epoll_event *)(intptr_t)address;
    int n = epoll_wait(epfd, events, max, 0);
    if (n > 0) return n;
    struct oq_fd *entry = oq_fd_of(epfd);
    if (oq_unify() && entry != NULL && !atomic_load(&entry->in_tree)) join_tree(epfd, entry);
    struct oq_report report = {0};
    port->waits[OQ_SELECT]++;
    oq_report_begin(env, port, &report, OQ_SELECT, epfd,
                    timeout_ms < 0 ? OQ_FOREVER : timeout_ms * OQ_NS_PER_MS);
    jint r = ORIGINAL(wait_fn, OQ_S_SELECT)(env, type, epfd, address, max, timeout_ms);
    if (r > 0) name_waker(env, port, events, r);
    oq_report_end(env, port, &report, outcome_of(env, port, r), r);
    return r;
}

static jint wait_once(JNIEnv *env, struct oq_port *port, jclass type, jint epfd, jlong address,
                      jint max, jint timeout_ms) {
    if (port != NULL && timeout_ms != 0) {
        if (oq_recording(port)) {
            return recorded_wait(env, port, type, epfd, address, max, timeout_ms);
        }
        if (oq_unify()) port->waits[OQ_SELECT]++;
    }
    return ORIGINAL(wait_fn, OQ_S_SELECT)(env, type, epfd, address, max, timeout_ms);
}

/* What is left of a wait that has lasted since then, in whole milliseconds and never too short. */
static jint still(jint timeout_ms, int64_t since_ns) {
    int64_t left_ns = timeout_ms * OQ_NS_PER_MS - (oq_now_ns() - since_ns);
    return left_ns <= 0 ? 0 : (jint)((left_ns + OQ_NS_PER_MS - 1) / OQ_NS_PER_MS);
}

jint oq_hook_select(JNIEnv *env, jclass type, jint epfd, jlong address, jint max, jint timeout_ms) {
    struct oq_port *port = oq_enter(env, OQ_S_SELECT);
    bool ready = oq_selector_before_wait(epfd);
    int64_t since_ns = timeout_ms > 0 ? oq_now_ns() : 0;
    jint left_ms = timeout_ms;
    for (;;) {
        jint n = wait_once(env, port, type, epfd, address, max, ready ? 0 : left_ms);
        if (n < 0 || (n == 0 && !ready)) return n;
        n = oq_selector_sift(epfd, (struct epoll_event *)(intptr_t)address, n, max);
        if (n > 0 || left_ms == 0) return n;
        if (left_ms > 0) left_ms = still(timeout_ms, since_ns);
        ready = false;
    }
}

typedef jint (*ctl_fn)(JNIEnv *, jclass, jint, jint, jint, jint);

jint oq_hook_epoll_ctl(JNIEnv *env, jclass type, jint epfd, jint op, jint fd, jint events) {
    struct oq_port *port = oq_enter(env, OQ_S_EPOLL_CTL);
    int r = port != NULL && oq_unify() ? oq_selector_ctl(epfd, op, fd, (uint32_t)events) : OQ_CTL_STOCK;
    if (r == OQ_CTL_STOCK) return ORIGINAL(ctl_fn, OQ_S_EPOLL_CTL)(env, type, epfd, op, fd, events);
    if (r != OQ_CTL_SAVED) return -r;
    port->saved++;
    return 0;
}

typedef jint (*eventfd_fn)(JNIEnv *, jclass, jint);

jint oq_hook_eventfd_set(JNIEnv *env, jclass type, jint fd) {
    struct oq_port *port = oq_enter(env, OQ_S_EVENTFD_SET);
    struct oq_fd *entry = oq_fd_of(fd);
    if (port != NULL && entry != NULL && oq_recording(port)) {
        atomic_store(&entry->woken_ns, oq_now_ns());
        void *old = atomic_exchange(&entry->waker, oq_current_thread_ref(env));
        if (old != NULL) (*env)->DeleteWeakGlobalRef(env, old);
    }
    return ORIGINAL(eventfd_fn, OQ_S_EVENTFD_SET)(env, type, fd);
}
