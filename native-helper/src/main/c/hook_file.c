/*
 * Files. epoll knows no readiness for them, so the call itself is the wait, and it is one only if
 * the thread was put aside for it: a read that the page cache answers is none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/resource.h>
#include <sys/uio.h>

#include "hooks.h"

typedef jint (*io_fn)(JNIEnv *, jclass, jobject, jlong, jint);
typedef jlong (*iov_fn)(JNIEnv *, jclass, jobject, jlong, jint);
typedef jint (*pio_fn)(JNIEnv *, jclass, jobject, jlong, jint, jlong);
typedef jint (*force_fn)(JNIEnv *, jobject, jobject, jboolean);
typedef jlong (*transfer17_fn)(JNIEnv *, jobject, jobject, jlong, jlong, jobject);
typedef jlong (*transfer25_fn)(JNIEnv *, jclass, jobject, jlong, jlong, jobject, jboolean);

/* How often the calling thread gave up its core to wait. */
static long times_blocked(void) {
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

void oq_aside_begin(JNIEnv *env, struct oq_port *port, struct oq_aside *aside, enum oq_kind kind,
                    int fd) {
    if (port == NULL || fd < 0 || !oq_recording(port)) return;
    aside->blocked_before = times_blocked();
    oq_report_begin(env, port, &aside->report, kind, fd, OQ_FOREVER);
}

void oq_aside_end(JNIEnv *env, struct oq_port *port, struct oq_aside *aside, int64_t result) {
    if (!aside->report.open) return;
    if (times_blocked() == aside->blocked_before) { /* no wait, no event */
        if (aside->report.event != NULL) (*env)->DeleteLocalRef(env, aside->report.event);
        return;
    }
    port->waits[aside->report.kind]++;
    oq_report_end(env, port, &aside->report, result == IOS_INTERRUPTED ? OQ_CLOSED : OQ_READY, 1);
}

static bool is_file(int fd) { return fd >= 0 && oq_fd_type(fd) == OQ_FD_FILE; }

jint oq_hook_file_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) return (jint)oq_pipe_read(env, type, fdo, address, len, OQ_S_FILE_READ, false);
    struct oq_port *port = oq_enter(env, OQ_S_FILE_READ);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, fd);
    jint n = ORIGINAL(io_fn, OQ_S_FILE_READ)(env, type, fdo, address, len);
    oq_aside_end(env, port, &aside, n);
    return n;
}

jlong oq_hook_file_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) return oq_pipe_read(env, type, fdo, address, len, OQ_S_FILE_READV, true);
    struct oq_port *port = oq_enter(env, OQ_S_FILE_READV);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, fd);
    jlong n = ORIGINAL(iov_fn, OQ_S_FILE_READV)(env, type, fdo, address, len);
    oq_aside_end(env, port, &aside, n);
    return n;
}

jint oq_hook_file_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) {
        return (jint)oq_socket_write(env, type, fdo, address, len, OQ_S_FILE_WRITE, false);
    }
    struct oq_port *port = oq_enter(env, OQ_S_FILE_WRITE);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, fd);
    jint n = ORIGINAL(io_fn, OQ_S_FILE_WRITE)(env, type, fdo, address, len);
    oq_aside_end(env, port, &aside, n);
    return n;
}

jlong oq_hook_file_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) {
        return oq_socket_write(env, type, fdo, address, len, OQ_S_FILE_WRITEV, true);
    }
    struct oq_port *port = oq_enter(env, OQ_S_FILE_WRITEV);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, fd);
    jlong n = ORIGINAL(iov_fn, OQ_S_FILE_WRITEV)(env, type, fdo, address, len);
    oq_aside_end(env, port, &aside, n);
    return n;
}

static jint positioned(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at,
                       enum oq_seam seam) {
    struct oq_port *port = oq_enter(env, seam);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, oq_fdval(env, fdo));
    jint n = ORIGINAL(pio_fn, seam)(env, type, fdo, address, len, at);
    oq_aside_end(env, port, &aside, n);
    return n;
}

jint oq_hook_file_pread(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at) {
    return positioned(env, type, fdo, address, len, at, OQ_S_FILE_PREAD);
}

jint oq_hook_file_pwrite(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at) {
    return positioned(env, type, fdo, address, len, at, OQ_S_FILE_PWRITE);
}

jint oq_hook_file_force(JNIEnv *env, jobject self, jobject fdo, jboolean metadata) {
    struct oq_port *port = oq_enter(env, OQ_S_FILE_FORCE);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, oq_fdval(env, fdo));
    jint n = ORIGINAL(force_fn, OQ_S_FILE_FORCE)(env, self, fdo, metadata);
    oq_aside_end(env, port, &aside, n);
    return n;
}

/* JDK 17: an instance method of FileChannelImpl. */
jlong oq_hook_transfer17(JNIEnv *env, jobject self, jobject src, jlong at, jlong count, jobject dst) {
    struct oq_port *port = oq_enter(env, OQ_S_FILE_TRANSFER);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, oq_fdval(env, src));
    jlong n = ORIGINAL(transfer17_fn, OQ_S_FILE_TRANSFER)(env, self, src, at, count, dst);
    oq_aside_end(env, port, &aside, n);
    return n;
}

/* JDK 25: a static method of FileDispatcherImpl. */
jlong oq_hook_transfer25(JNIEnv *env, jclass type, jobject src, jlong at, jlong count, jobject dst,
                         jboolean append) {
    struct oq_port *port = oq_enter(env, OQ_S_FILE_TRANSFER);
    struct oq_aside aside = {0};
    oq_aside_begin(env, port, &aside, OQ_FILE, oq_fdval(env, src));
    jlong n = ORIGINAL(transfer25_fn, OQ_S_FILE_TRANSFER)(env, type, src, at, count, dst, append);
    oq_aside_end(env, port, &aside, n);
    return n;
}
