/*
 * Files. epoll knows no readiness for them, so the call itself is the wait, and it is one only if
 * the thread was put aside for it: a read that the page cache answers is none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/uio.h>

#include "hooks.h"

typedef jint (*io_fn)(JNIEnv *, jclass, jobject, jlong, jint);
typedef jlong (*iov_fn)(JNIEnv *, jclass, jobject, jlong, jint);
typedef jint (*pio_fn)(JNIEnv *, jclass, jobject, jlong, jint, jlong);
typedef jint (*force_fn)(JNIEnv *, jobject, jobject, jboolean);
typedef jlong (*transfer17_fn)(JNIEnv *, jobject, jobject, jlong, jlong, jobject);
typedef jlong (*transfer25_fn)(JNIEnv *, jclass, jobject, jlong, jlong, jobject, jboolean);

static void file_begin(JNIEnv *env, struct oq_port *port, struct oq_call *call, int fd) {
    if (port != NULL && fd >= 0) oq_call_begin(env, port, call, OQ_FILE, fd);
}

static void file_end(JNIEnv *env, struct oq_port *port, struct oq_call *call, int64_t result) {
    oq_call_end(env, port, call, result == IOS_INTERRUPTED ? OQ_CLOSED : OQ_READY);
}

static bool is_file(int fd) { return fd >= 0 && oq_fd_type(fd) == OQ_FD_FILE; }

jint oq_hook_file_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) return (jint)oq_pipe_read(env, type, fdo, address, len, OQ_S_FILE_READ, false);
    struct oq_port *port = oq_enter(env, OQ_S_FILE_READ);
    struct oq_call call = {0};
    file_begin(env, port, &call, fd);
    jint n = ORIGINAL(io_fn, OQ_S_FILE_READ)(env, type, fdo, address, len);
    file_end(env, port, &call, n);
    return n;
}

jlong oq_hook_file_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) return oq_pipe_read(env, type, fdo, address, len, OQ_S_FILE_READV, true);
    struct oq_port *port = oq_enter(env, OQ_S_FILE_READV);
    struct oq_call call = {0};
    file_begin(env, port, &call, fd);
    jlong n = ORIGINAL(iov_fn, OQ_S_FILE_READV)(env, type, fdo, address, len);
    file_end(env, port, &call, n);
    return n;
}

jint oq_hook_file_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) {
        return (jint)oq_socket_write(env, type, fdo, address, len, OQ_S_FILE_WRITE, false);
    }
    struct oq_port *port = oq_enter(env, OQ_S_FILE_WRITE);
    struct oq_call call = {0};
    file_begin(env, port, &call, fd);
    jint n = ORIGINAL(io_fn, OQ_S_FILE_WRITE)(env, type, fdo, address, len);
    file_end(env, port, &call, n);
    return n;
}

jlong oq_hook_file_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len) {
    int fd = oq_fdval(env, fdo);
    if (!is_file(fd)) {
        return oq_socket_write(env, type, fdo, address, len, OQ_S_FILE_WRITEV, true);
    }
    struct oq_port *port = oq_enter(env, OQ_S_FILE_WRITEV);
    struct oq_call call = {0};
    file_begin(env, port, &call, fd);
    jlong n = ORIGINAL(iov_fn, OQ_S_FILE_WRITEV)(env, type, fdo, address, len);
    file_end(env, port, &call, n);
    return n;
}

static jint positioned(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at,
                       enum oq_seam seam) {
    struct oq_port *port = oq_enter(env, seam);
    struct oq_call call = {0};
    file_begin(env, port, &call, oq_fdval(env, fdo));
    jint n = ORIGINAL(pio_fn, seam)(env, type, fdo, address, len, at);
    file_end(env, port, &call, n);
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
    struct oq_call call = {0};
    file_begin(env, port, &call, oq_fdval(env, fdo));
    jint n = ORIGINAL(force_fn, OQ_S_FILE_FORCE)(env, self, fdo, metadata);
    file_end(env, port, &call, n);
    return n;
}

/* JDK 17: an instance method of FileChannelImpl. */
jlong oq_hook_transfer17(JNIEnv *env, jobject self, jobject src, jlong at, jlong count, jobject dst) {
    struct oq_port *port = oq_enter(env, OQ_S_FILE_TRANSFER);
    struct oq_call call = {0};
    file_begin(env, port, &call, oq_fdval(env, src));
    jlong n = ORIGINAL(transfer17_fn, OQ_S_FILE_TRANSFER)(env, self, src, at, count, dst);
    file_end(env, port, &call, n);
    return n;
}

/* JDK 25: a static method of FileDispatcherImpl. */
jlong oq_hook_transfer25(JNIEnv *env, jclass type, jobject src, jlong at, jlong count, jobject dst,
                         jboolean append) {
    struct oq_port *port = oq_enter(env, OQ_S_FILE_TRANSFER);
    struct oq_call call = {0};
    file_begin(env, port, &call, oq_fdval(env, src));
    jlong n = ORIGINAL(transfer25_fn, OQ_S_FILE_TRANSFER)(env, type, src, at, count, dst, append);
    file_end(env, port, &call, n);
    return n;
}
