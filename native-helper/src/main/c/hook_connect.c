/* Sockets: accept, connect, and Net.poll, the timed wait of them all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "hooks.h"

/* ---- accept ---- */

typedef jint (*accept_fn)(JNIEnv *, jclass, jobject, jobject, jobjectArray);

static jint accepting(JNIEnv *env, jclass type, jobject fdo, jobject newfdo, jobjectArray address,
                      enum oq_seam seam) {
    struct oq_port *port = oq_enter(env, seam);
    int fd = oq_fdval(env, fdo);
    struct oq_report report = {0};
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry != NULL) atomic_store_explicit(&entry->use, OQ_USE_ACCEPTING, memory_order_relaxed);
    if (oq_may_wait(port, fd)) {
        uint32_t ready = 0;
        if (!oq_unify()) {
            oq_observe(env, port, &report, OQ_ACCEPT, fd, POLLIN);
        } else if (oq_port_open(port)
                   && oq_await_fd(env, port, fd, EPOLLIN, OQ_FOREVER, OQ_ACCEPT, &ready)
                          == OQ_AW_SIGNALLED) {
            return IOS_INTERRUPTED;
        }
    }
    jint n = ORIGINAL(accept_fn, seam)(env, type, fdo, newfdo, address);
    oq_observed(env, port, &report, n);
    if (n > 0) oq_fd_new_life(oq_fdval(env, newfdo));
    return n;
}

jint oq_hook_accept(JNIEnv *env, jclass type, jobject fdo, jobject newfdo, jobjectArray address) {
    return accepting(env, type, fdo, newfdo, address, OQ_S_ACCEPT);
}

jint oq_hook_accept_unix(JNIEnv *env, jclass type, jobject fdo, jobject newfdo,
                         jobjectArray address) {
    return accepting(env, type, fdo, newfdo, address, OQ_S_ACCEPT_UNIX);
}

/* ---- connect ---- */

typedef jint (*connect_fn)(JNIEnv *, jclass, jboolean, jobject, jobject, jint);

/* The kernel does not name the peer of a connection under way, so the recorder keeps it. */
static void tell_target(JNIEnv *env, struct oq_port *port, int fd, jobject remote, jint remote_port) {
    if (oq_vm.recorder == NULL || (*env)->ExceptionCheck(env)) return;
    port->reporting = true;
    (*env)->CallStaticVoidMethod(env, oq_vm.recorder, oq_vm.recorder_connecting, (jint)fd, remote,
                                 remote_port);
    if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
    port->reporting = false;
}

static jint connect_unblocked(JNIEnv *env, jclass type, jboolean prefer6, jobject fdo, int fd,
                              jobject remote, jint remote_port) {
    int flags = fcntl(fd, F_GETFL);
    bool changed = flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
    jint n = ORIGINAL(connect_fn, OQ_S_CONNECT)(env, type, prefer6, fdo, remote, remote_port);
    if (changed) fcntl(fd, F_SETFL, flags);
    return n;
}

jint oq_hook_connect(JNIEnv *env, jclass type, jboolean prefer6, jobject fdo, jobject remote,
                     jint remote_port) {
    struct oq_port *port = oq_enter(env, OQ_S_CONNECT);
    int fd = oq_fdval(env, fdo);
    struct oq_report report = {0};
    struct oq_fd *entry = oq_fd_of(fd);
    bool stream = entry != NULL && oq_fd_type(fd) == OQ_FD_STREAM;
    bool report_it = port != NULL && stream && oq_recording(port);
    if (report_it) tell_target(env, port, fd, remote, remote_port);
    if (stream && oq_may_wait(port, fd) && oq_unify() && oq_port_open(port)) {
        jint n = connect_unblocked(env, type, prefer6, fdo, fd, remote, remote_port);
        if (n == IOS_UNAVAILABLE) atomic_store(&entry->use, OQ_USE_CONNECTING);
        return n;
    }
    if (report_it && oq_fd_blocking(fd)) {
        port->waits[OQ_CONNECT]++;
        oq_report_begin(env, port, &report, OQ_CONNECT, fd, OQ_FOREVER);
    }
    jint n = ORIGINAL(connect_fn, OQ_S_CONNECT)(env, type, prefer6, fdo, remote, remote_port);
    oq_observed(env, port, &report, n);
    if (n == IOS_UNAVAILABLE && stream) atomic_store(&entry->use, OQ_USE_CONNECTING);
    return n;
}

typedef jint (*connect_unix_fn)(JNIEnv *, jclass, jobject, jbyteArray);

/* Stays blocking: on a full backlog the kernel would answer EAGAIN, which stock never sees. */
jint oq_hook_connect_unix(JNIEnv *env, jclass type, jobject fdo, jbyteArray path) {
    struct oq_port *port = oq_enter(env, OQ_S_CONNECT_UNIX);
    int fd = oq_fdval(env, fdo);
    struct oq_report report = {0};
    if (port != NULL && oq_recording(port) && oq_fd_blocking(fd)) {
        port->waits[OQ_CONNECT]++;
        oq_report_begin(env, port, &report, OQ_CONNECT, fd, OQ_FOREVER);
    }
    jint n = ORIGINAL(connect_unix_fn, OQ_S_CONNECT_UNIX)(env, type, fdo, path);
    oq_observed(env, port, &report, n);
    return n;
}

/* ---- the timed wait of them all ---- */

static enum oq_kind poll_kind(int fd, struct oq_fd *entry, jint events) {
    if (oq_fd_type(fd) == OQ_FD_DATAGRAM) return OQ_DATAGRAM;
    if (oq_fd_type(fd) == OQ_FD_PIPE) return OQ_PIPE;
    uint8_t use = atomic_load_explicit(&entry->use, memory_order_relaxed);
    if (use == OQ_USE_ACCEPTING) return OQ_ACCEPT;
    if ((events & POLLOUT) == 0) return OQ_READ;
    return use == OQ_USE_CONNECTING ? OQ_CONNECT : OQ_WRITE;
}

typedef jint (*poll_fn)(JNIEnv *, jclass, jobject, jint, jlong);

static jint observed_poll(JNIEnv *env, struct oq_port *port, jclass type, jobject fdo, int fd,
                          jint events, jlong timeout_ms) {
    struct oq_report report = {0};
    int64_t timeout_ns = timeout_ms < 0 ? OQ_FOREVER : timeout_ms * OQ_NS_PER_MS;
    if (!oq_fd_ready(fd, (short)events)) {
        enum oq_kind kind = poll_kind(fd, oq_fd_of(fd), events);
        port->waits[kind]++;
        oq_report_begin(env, port, &report, kind, fd, timeout_ns);
    }
    int64_t start_ns = oq_now_ns();
    jint n = ORIGINAL(poll_fn, OQ_S_POLL)(env, type, fdo, events, timeout_ms);
    bool timed_out = n == 0 && timeout_ns >= 0 && oq_now_ns() - start_ns >= timeout_ns;
    oq_report_end(env, port, &report, n > 0 ? OQ_READY : timed_out ? OQ_TIMED_OUT : OQ_CLOSED, 1);
    return n;
}

jint oq_hook_poll(JNIEnv *env, jclass type, jobject fdo, jint events, jlong timeout_ms) {
    struct oq_port *port = oq_enter(env, OQ_S_POLL);
    int fd = oq_fdval(env, fdo);
    struct oq_fd *entry = oq_fd_of(fd);
    if (port == NULL || entry == NULL || timeout_ms == 0 || port->reporting
        || (!oq_unify() && !oq_recording(port))) {
        return ORIGINAL(poll_fn, OQ_S_POLL)(env, type, fdo, events, timeout_ms);
    }
    if (!oq_unify() || !oq_port_open(port)) {
        return oq_recording(port)
                   ? observed_poll(env, port, type, fdo, fd, events, timeout_ms)
                   : ORIGINAL(poll_fn, OQ_S_POLL)(env, type, fdo, events, timeout_ms);
    }
    enum oq_kind kind = poll_kind(fd, entry, events);
    int64_t timeout_ns = timeout_ms < 0 ? OQ_FOREVER : timeout_ms * OQ_NS_PER_MS;
    uint32_t ready = 0;
    enum oq_await r = oq_await_fd(env, port, fd, (uint32_t)events, timeout_ns, kind, &ready);
    if (r == OQ_AW_STOCK) {
        return ORIGINAL(poll_fn, OQ_S_POLL)(env, type, fdo, events, timeout_ms);
    }
    if (r != OQ_AW_READY) return 0;
    if (kind == OQ_CONNECT) atomic_store_explicit(&entry->use, OQ_USE_NONE, memory_order_relaxed);
    return (jint)(ready & ((uint32_t)events | EPOLLERR | EPOLLHUP));
}

void oq_fd_await_stock(int fd, short events) {
    struct pollfd p = {.fd = fd, .events = events};
    poll(&p, 1, -1);
}
