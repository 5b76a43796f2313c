/* Sockets and pipes: read, write, datagrams. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "hooks.h"

typedef jint (*io_fn)(JNIEnv *, jclass, jobject, jlong, jint);
typedef jlong (*iov_fn)(JNIEnv *, jclass, jobject, jlong, jint);

bool oq_fd_ready(int fd, short events) {
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, 0) != 0;
}

/* Whether this call can be a wait of ours at all; else it goes straight to the original. */
bool oq_may_wait(struct oq_port *port, int fd) {
    return port != NULL && fd >= 0 && !port->reporting && !port->carrier && (oq_unify() || oq_recording(port))
           && oq_fd_blocking(fd);
}

/*
 * `observe`: the wait stays where it is, in the original call; we stand beside it. Opens the report
 * if the call is about to wait.
 */
void oq_observe(JNIEnv *env, struct oq_port *port, struct oq_report *report, enum oq_kind kind,
                    int fd, short events) {
    if (oq_fd_ready(fd, events)) return;
    port->waits[kind]++;
    oq_report_begin(env, port, report, kind, fd, OQ_FOREVER);
}

void oq_observed(JNIEnv *env, struct oq_port *port, struct oq_report *report, int64_t result) {
    oq_report_end(env, port, report, result == IOS_INTERRUPTED ? OQ_CLOSED : OQ_READY, 1);
}

static void throw_read_error(JNIEnv *env, int error) {
    bool reset = error == ECONNRESET || error == EPIPE;
    char buf[256];
    const char *text = reset ? "Connection reset" : strerror_r(error, buf, sizeof buf);
    jstring message = (*env)->NewStringUTF(env, text);
    jthrowable e = reset ? (*env)->NewObject(env, oq_vm.reset_exception, oq_vm.reset_exception_new,
                                             message)
                         : (*env)->NewObject(env, oq_vm.io_exception, oq_vm.io_exception_new,
                                             message);
    if (e != NULL) (*env)->Throw(env, e);
}

void oq_throw_io(JNIEnv *env, const char *text) {
    jstring message = (*env)->NewStringUTF(env, text);
    jthrowable e = (*env)->NewObject(env, oq_vm.io_exception, oq_vm.io_exception_new, message);
    if (e != NULL) (*env)->Throw(env, e);
}

void oq_throw_errno(JNIEnv *env, int error) {
    char buf[256];
    oq_throw_io(env, strerror_r(error, buf, sizeof buf));
}

/* ---- read ---- */

static enum oq_kind read_kind(enum oq_fd_type type) {
    return type == OQ_FD_DATAGRAM ? OQ_DATAGRAM : type == OQ_FD_PIPE ? OQ_PIPE : OQ_READ;
}

enum before_read { CALL, DONE };

/* Waits until the descriptor can be read. CALL: go on with the original; DONE: *result is it. */
static enum before_read before_read(JNIEnv *env, struct oq_port *port, int fd, enum oq_fd_type type,
                                    jlong address, jint len, jlong *result) {
    if (!oq_port_open(port)) return CALL;
    /* A stream in full flow, or one that is new to this thread, which it was handed for its data. */
    bool likely = port->last_read_full || port->watched_fd != fd;
    if (likely && type == OQ_FD_STREAM && address != 0) {
        bool told;
        struct oq_fd *key = oq_key_before_read(oq_fd_of(fd), &told);
        ssize_t n = recv(fd, (void *)(intptr_t)address, (size_t)len, MSG_DONTWAIT);
        int error = n < 0 ? errno : 0;
        bool all = (n > 0 || error == EAGAIN) && oq_took_all(fd, n, (size_t)len);
        oq_key_after_read(key, all);
        if (n >= 0) {
            port->last_read_full = n == len;
            *result = n == 0 ? IOS_EOF : n;
            return DONE;
        }
        if (error != EAGAIN && error != EINTR) {
            throw_read_error(env, error);
            *result = IOS_THROWN;
            return DONE;
        }
        port->last_read_full = false;
    }
    uint32_t ready = 0;
    enum oq_await r = oq_await_fd(env, port, fd, EPOLLIN, OQ_FOREVER, read_kind(type), &ready);
    if (r != OQ_AW_SIGNALLED) return CALL;
    *result = IOS_INTERRUPTED;
    return DONE;
}

/* A virtual thread reads a stream. False: the original does it. */
static bool table_read(JNIEnv *env, int fd, jlong address, jint len, jint *result) {
    if (len <= 0 || !oq_table_has(fd) || oq_fd_type(fd) != OQ_FD_STREAM) return false;
    ssize_t n = oq_table_recv(fd, (void *)(intptr_t)address, (size_t)len);
    if (n < 0 && n != -EAGAIN) {
        throw_read_error(env, (int)-n);
        *result = IOS_THROWN;
    } else {
        *result = n < 0 ? IOS_UNAVAILABLE : n == 0 ? IOS_EOF : (jint)n;
    }
    return true;
}

/* The original, with what its result says of a key of a selector: see oq_key_before_read. */
static jlong stock_read(JNIEnv *env, struct oq_port *port, jclass type_of, jobject fdo, int fd,
                        jlong address, jint len, enum oq_seam seam, bool vector) {
    if (vector) return ORIGINAL(iov_fn, seam)(env, type_of, fdo, address, len);
    bool told = false;
    struct oq_fd *key = seam == OQ_S_READ ? oq_key_before_read(oq_fd_of(fd), &told) : NULL;
    jint n = ORIGINAL(io_fn, seam)(env, type_of, fdo, address, len);
    if (key != NULL) {
        bool all = (n > 0 || n == IOS_UNAVAILABLE) && oq_took_all(fd, n, (size_t)len);
        oq_key_after_read(key, all);
        if (all && n > 0 && told && !oq_fd_blocking(fd)) oq_key_is_dry(port, fd);
    }
    return n;
}

static jlong socket_read(JNIEnv *env, jclass type_of, jobject fdo, jlong address, jint len,
                         enum oq_seam seam, bool vector) {
    struct oq_port *port = oq_enter(env, seam);
    if (port == NULL || (!oq_unify() && !oq_recording(port))) {
        return stock_read(env, port, type_of, fdo, -1, address, len, seam, vector);
    }
    int fd = oq_fdval(env, fdo);
    if (seam == OQ_S_READ && oq_key_answers(port, fd)) return IOS_UNAVAILABLE;
    if (port->carrier) {
        jint n = 0;
        if (!vector && table_read(env, fd, address, len, &n)) return n;
        return stock_read(env, port, type_of, fdo, fd, address, len, seam, vector);
    }
    struct oq_report report = {0};
    jlong result;
    enum oq_fd_type type = OQ_FD_OTHER;
    bool mine = len > 0 && oq_may_wait(port, fd) && (type = oq_fd_type(fd)) != OQ_FD_OTHER
                && type != OQ_FD_FILE && type != OQ_FD_UNKNOWN;
    if (mine && !oq_unify()) {
        oq_observe(env, port, &report, read_kind(type), fd, POLLIN);
    } else if (mine
               && before_read(env, port, fd, type, vector ? 0 : address, len, &result) == DONE) {
        return result;
    }
    result = stock_read(env, port, type_of, fdo, fd, address, len, seam, vector);
    if (mine) port->last_read_full = !vector && result == len;
    oq_observed(env, port, &report, result);
    return result;
}

jint oq_hook_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return (jint)socket_read(env, type, fdo, address, len, OQ_S_READ, false);
}

jlong oq_hook_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return socket_read(env, type, fdo, address, len, OQ_S_READV, true);
}

jint oq_hook_dgram_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return (jint)socket_read(env, type, fdo, address, len, OQ_S_DGRAM_READ, false);
}

jlong oq_hook_dgram_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return socket_read(env, type, fdo, address, len, OQ_S_DGRAM_READV, true);
}

/* JDK 17 reads pipes through the class that reads files. */
jlong oq_pipe_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len,
                   enum oq_seam seam, bool vector) {
    return socket_read(env, type, fdo, address, len, seam, vector);
}

typedef jint (*receive_fn)(JNIEnv *, jclass, jobject, jlong, jint, jlong, jboolean);

jint oq_hook_receive(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong sender,
                     jboolean connected) {
    struct oq_port *port = oq_enter(env, OQ_S_RECEIVE);
    int fd = oq_fdval(env, fdo);
    struct oq_report report = {0};
    if (oq_may_wait(port, fd)) {
        uint32_t ready = 0;
        if (!oq_unify()) {
            oq_observe(env, port, &report, OQ_DATAGRAM, fd, POLLIN);
        } else if (oq_port_open(port)
                   && oq_await_fd(env, port, fd, EPOLLIN, OQ_FOREVER, OQ_DATAGRAM, &ready)
                          == OQ_AW_SIGNALLED) {
            return IOS_INTERRUPTED;
        }
    }
    jint n = ORIGINAL(receive_fn, OQ_S_RECEIVE)(env, type, fdo, address, len, sender, connected);
    oq_observed(env, port, &report, n);
    return n;
}

/* ---- write: a blocking write returns when all is written, or when the descriptor is closed ---- */

static size_t unsent(struct iovec *iov, int *count, size_t sent) {
    while (*count > 0 && sent >= iov[0].iov_len) {
        sent -= iov[0].iov_len;
        memmove(iov, iov + 1, (size_t)--*count * sizeof *iov);
    }
    if (*count > 0) {
        iov[0].iov_base = (char *)iov[0].iov_base + sent;
        iov[0].iov_len -= sent;
    }
    return (size_t)*count;
}

/* send(2) for the common case of one piece: sendmsg(2) costs some 150 ns more. */
static ssize_t send_some(int fd, struct iovec *iov, int count) {
    if (count == 1) return send(fd, iov->iov_base, iov->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    struct msghdr message = {.msg_iov = iov, .msg_iovlen = (size_t)count};
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static jlong send_all(JNIEnv *env, struct oq_port *port, int fd, struct iovec *iov, int count) {
    jlong total = 0;
    for (;;) {
        ssize_t n = send_some(fd, iov, count);
        if (n >= 0) {
            total += n;
            if (unsent(iov, &count, (size_t)n) == 0) return total;
        } else if (errno == EINTR) {
            continue;
        } else if (errno != EAGAIN) {
            if (total > 0) return total;
            oq_throw_errno(env, errno);
            return IOS_THROWN;
        }
        uint32_t ready = 0;
        enum oq_await r = oq_await_fd(env, port, fd, EPOLLOUT, OQ_FOREVER, OQ_WRITE, &ready);
        if (r == OQ_AW_STOCK) oq_fd_await_stock(fd, POLLOUT);
        if (r == OQ_AW_SIGNALLED) return total > 0 ? total : IOS_INTERRUPTED;
        /* As write(2): the error stays for the next call; one more send(2) would use it up. */
        if (total > 0 && (ready & (EPOLLERR | EPOLLHUP)) != 0) return total;
    }
}

#define IOV_MAX_JDK 1024

static jlong send_vector(JNIEnv *env, struct oq_port *port, int fd, jlong address, jint len) {
    struct iovec iov[IOV_MAX_JDK]; /* a copy: send_all moves its start */
    memcpy(iov, (void *)(intptr_t)address, (size_t)len * sizeof *iov);
    return send_all(env, port, fd, iov, len);
}

/*
 * A virtual thread writes to a stream, what room there is for. False: the original does it, which asks
 * for the descriptor again and then takes the longer way through the kernel, by write(2).
 */
static bool table_write(JNIEnv *env, int fd, jlong address, jint len, jint *result) {
    if (len <= 0 || !oq_table_has(fd) || oq_fd_type(fd) != OQ_FD_STREAM) return false;
    ssize_t n = send(fd, (void *)(intptr_t)address, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) {
        *result = (jint)n;
    } else if (errno == EAGAIN || errno == EINTR) {
        *result = errno == EAGAIN ? IOS_UNAVAILABLE : IOS_INTERRUPTED;
    } else {
        oq_throw_errno(env, errno);
        *result = IOS_THROWN;
    }
    return true;
}

static jlong socket_write(JNIEnv *env, jclass type_of, jobject fdo, jlong address, jint len,
                          enum oq_seam seam, bool vector) {
    struct oq_port *port = oq_enter(env, seam);
    if (port == NULL || (!oq_unify() && !oq_recording(port))) {
        return vector ? ORIGINAL(iov_fn, seam)(env, type_of, fdo, address, len)
                      : ORIGINAL(io_fn, seam)(env, type_of, fdo, address, len);
    }
    int fd = oq_fdval(env, fdo);
    if (fd != port->dry_fd) port->dry_fd = -1;
    jint written;
    if (port->carrier && !vector && table_write(env, fd, address, len, &written)) return written;
    struct oq_report report = {0};
    enum oq_fd_type type = OQ_FD_OTHER;
    bool mine = len > 0 && oq_may_wait(port, fd)
                && ((type = oq_fd_type(fd)) == OQ_FD_STREAM || type == OQ_FD_PIPE);
    if (mine && type == OQ_FD_STREAM && oq_unify() && oq_port_open(port)) {
        if (!vector) {
            struct iovec one = {(void *)(intptr_t)address, (size_t)len};
            return send_all(env, port, fd, &one, 1);
        }
        if (len <= IOV_MAX_JDK) return send_vector(env, port, fd, address, len);
    }
    /* A write that finds some room may still wait for more: in `observe` only a full buffer shows. */
    if (mine && oq_recording(port)) {
        oq_observe(env, port, &report, type == OQ_FD_PIPE ? OQ_PIPE : OQ_WRITE, fd, POLLOUT);
    }
    jlong result = vector ? ORIGINAL(iov_fn, seam)(env, type_of, fdo, address, len)
                          : ORIGINAL(io_fn, seam)(env, type_of, fdo, address, len);
    oq_observed(env, port, &report, result);
    return result;
}

jint oq_hook_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return (jint)socket_write(env, type, fdo, address, len, OQ_S_WRITE, false);
}

jlong oq_hook_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    return socket_write(env, type, fdo, address, len, OQ_S_WRITEV, true);
}

/* JDK 17 writes sockets and pipes through the class that writes files. */
jlong oq_socket_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len,
                      enum oq_seam seam, bool vector) {
    return socket_write(env, type, fdo, address, len, seam, vector);
}

/* Datagrams seldom wait to be sent: the original call, with a report when the buffer is full. */
static void before_send(JNIEnv *env, struct oq_port *port, struct oq_report *report, int fd) {
    if (port != NULL && fd >= 0 && oq_recording(port) && oq_fd_blocking(fd)) {
        oq_observe(env, port, report, OQ_DATAGRAM, fd, POLLOUT);
    }
}

typedef jint (*send_fn)(JNIEnv *, jclass, jobject, jlong, jint, jlong, jint);

jint oq_hook_send(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong target,
                  jint target_len) {
    struct oq_port *port = oq_enter(env, OQ_S_SEND);
    struct oq_report report = {0};
    before_send(env, port, &report, oq_fdval(env, fdo));
    jint n = ORIGINAL(send_fn, OQ_S_SEND)(env, type, fdo, address, len, target, target_len);
    oq_observed(env, port, &report, n);
    return n;
}

jint oq_hook_dgram_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    struct oq_port *port = oq_enter(env, OQ_S_DGRAM_WRITE);
    struct oq_report report = {0};
    before_send(env, port, &report, oq_fdval(env, fdo));
    jint n = ORIGINAL(io_fn, OQ_S_DGRAM_WRITE)(env, type, fdo, address, len);
    oq_observed(env, port, &report, n);
    return n;
}

jlong oq_hook_dgram_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    struct oq_port *port = oq_enter(env, OQ_S_DGRAM_WRITEV);
    struct oq_report report = {0};
    before_send(env, port, &report, oq_fdval(env, fdo));
    jlong n = ORIGINAL(iov_fn, OQ_S_DGRAM_WRITEV)(env, type, fdo, address, len);
    oq_observed(env, port, &report, n);
    return n;
}
