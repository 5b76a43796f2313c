/*
 * The streams of java.io and RandomAccessFile. On a pipe or FIFO a thread waits at its port, with a
 * hold on the open file (see hold.c), as read(2) and write(2) have one: no close by another thread
 * ends the wait, and what comes goes to whoever waits. On anything else the call is the original,
 * but for a plain read(2) of a file; in a recording it is a wait if the thread was put aside in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "hooks.h"

typedef jint (*read_fn)(JNIEnv *, jobject);
typedef jint (*read_bytes_fn)(JNIEnv *, jobject, jbyteArray, jint, jint);
typedef void (*write_fn)(JNIEnv *, jobject, jint, jboolean);
typedef void (*write_bytes_fn)(JNIEnv *, jobject, jbyteArray, jint, jint, jboolean);
typedef void (*write_random_fn)(JNIEnv *, jobject, jint);
typedef void (*write_random_bytes_fn)(JNIEnv *, jobject, jbyteArray, jint, jint);

/* Of the buffer on the stack, as the JDK has it; more comes from the heap. */
#define STACK_BYTES 8192

/* One call of the program's. */
struct call {
    JNIEnv *env;
    jobject self;
    jfieldID field;            /* that has the FileDescriptor */
    struct oq_port *port;
    int fd;
    enum oq_fd_type type;
    int held;                  /* the hold, or -1 */
    struct oq_report report;   /* of a wait at the port */
    struct oq_call original;   /* of a wait in it */
};

/* -1 when the stream is closed. */
static int descriptor(const struct call *call) {
    return oq_fdval(call->env, (*call->env)->GetObjectField(call->env, call->self, call->field));
}

/* The type is that of the descriptor only when the call concerns us. */
static void enter(JNIEnv *env, jobject self, struct call *call, enum oq_seam seam, jfieldID field) {
    struct oq_port *port = call->port = oq_enter(env, seam);
    call->type = OQ_FD_OTHER;
    if (port == NULL || port->carrier || port->reporting || (!oq_unify() && !oq_recording(port))) {
        return;
    }
    call->env = env;
    call->self = self;
    call->field = field;
    call->fd = descriptor(call);
    call->type = oq_fd_type(call->fd);
    call->held = -1;
    call->report.open = false;
}

static bool on_pipe(const struct call *call) {
    return call->type == OQ_FD_PIPE && oq_unify() && (oq_file_how(call->fd) & OQ_F_PIPE) != 0;
}

/* The original would ask the VM for the descriptor once more, which takes longer than all of ours. */
static bool reads_here(const struct call *call) {
    return call->type == OQ_FD_FILE ? !oq_recording(call->port) : on_pipe(call);
}

/* ---- the original, and what is said of it ---- */

static void original_begin(JNIEnv *env, struct call *call) {
    call->original.report.open = false;
    if (call->port == NULL || (call->type != OQ_FD_FILE && call->type != OQ_FD_PIPE)) return;
    enum oq_kind kind = call->type == OQ_FD_FILE ? OQ_FILE : OQ_PIPE;
    oq_call_begin(env, call->port, &call->original, kind, call->fd);
}

static void original_end(JNIEnv *env, struct call *call) {
    oq_call_end(env, call->port, &call->original, OQ_READY);
}

/* ---- a wait at the port ---- */

/* False: past the budget of descriptors, or closed just now. */
static bool hold(struct call *call) {
    if (call->held >= 0) return true;
    if (!oq_port_open(call->port)) return false;
    call->held = oq_fd_hold(call->fd);
    return call->held >= 0;
}

static void let_go(struct call *call) {
    if (call->report.open) oq_report_end(call->env, call->port, &call->report, OQ_READY, 1);
    if (call->held >= 0) oq_fd_release(call->held);
}

static void report(struct call *call) {
    if (call->report.open) return;
    oq_report_begin(call->env, call->port, &call->report, OQ_PIPE, call->fd, OQ_FOREVER);
    call->report.fd = call->held; /* whose path can still be asked at the end */
}

/* Waits until there is something, or room; false: it cannot be waited for, the kernel has to. */
static bool await(struct call *call, uint32_t events) {
    uint32_t ready;
    call->port->waits[OQ_PIPE]++;
    return oq_await_events(call->port, call->held, events, OQ_FOREVER, &ready) == OQ_AW_READY;
}

/* ---- read ---- */

static int64_t read_stock(int fd, const struct iovec *to) {
    ssize_t n;
    do {
        n = read(fd, to->iov_base, to->iov_len);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

/* A thread that emptied this pipe with its last read: the next one had better wait at once. */
static bool seems_drained(const struct call *call) {
    const struct oq_port *port = call->port;
    return !port->last_read_full && port->watched_fd >= 0 && port->watched_events == EPOLLIN
           && !oq_recording(call->port) && oq_fd_kept(call->fd) == port->watched_fd;
}

/* How many bytes, 0 at the end, or -errno; -EAGAIN: the original has to do it. */
static int64_t read_pipe(struct call *call, const struct iovec *to) {
    int64_t n = -EAGAIN;
    if (!seems_drained(call)) {
        n = oq_try_read(call->fd, to, 1, -1);
        if (n != -EAGAIN) return n < 0 ? -EAGAIN : n; /* the original says what is wrong */
    }
    if (!hold(call)) return -EAGAIN;
    report(call);
    do {
        n = await(call, EPOLLIN) ? oq_try_read(call->held, to, 1, -1) : read_stock(call->held, to);
    } while (n == -EAGAIN);
    let_go(call);
    if (n < 0) oq_throw_errno(call->env, (int)-n);
    return n;
}

static int64_t read_here(struct call *call, void *at, size_t len) {
    struct iovec to = {at, len};
    int64_t n;
    if (call->type == OQ_FD_FILE) {
        n = read_stock(call->fd, &to);
        return n < 0 ? -EAGAIN : n;
    }
    n = read_pipe(call, &to);
    call->port->last_read_full = n == (int64_t)len;
    return n;
}

static jint read_byte(JNIEnv *env, jobject self, enum oq_seam seam, jfieldID field) {
    struct call call;
    enter(env, self, &call, seam, field);
    if (reads_here(&call)) {
        uint8_t one;
        int64_t n = read_here(&call, &one, 1);
        if (n != -EAGAIN) return n > 0 ? one : -1;
    }
    original_begin(env, &call);
    jint b = ORIGINAL(read_fn, seam)(env, self);
    original_end(env, &call);
    return b;
}

static bool in_bounds(JNIEnv *env, jbyteArray bytes, jint off, jint len) {
    return bytes != NULL && off >= 0 && len > 0 && len <= (*env)->GetArrayLength(env, bytes) - off;
}

/* Out of line: the original needs as much room on the stack. */
static __attribute__((noinline)) bool read_array(struct call *call, jbyteArray to, jint off,
                                                 jint len, jint *result) {
    JNIEnv *env = call->env;
    char own[STACK_BYTES];
    char *at = len <= STACK_BYTES ? own : malloc((size_t)len);
    int64_t n = at == NULL ? -EAGAIN : read_here(call, at, (size_t)len);
    if (n > 0) (*env)->SetByteArrayRegion(env, to, off, (jint)n, (const jbyte *)at);
    if (at != own) free(at);
    *result = n > 0 ? (jint)n : -1;
    return n != -EAGAIN;
}

static jint read_bytes(JNIEnv *env, jobject self, jbyteArray to, jint off, jint len,
                       enum oq_seam seam, jfieldID field) {
    struct call call;
    jint n;
    enter(env, self, &call, seam, field);
    if (reads_here(&call) && in_bounds(env, to, off, len)
        && read_array(&call, to, off, len, &n)) {
        return n;
    }
    original_begin(env, &call);
    n = ORIGINAL(read_bytes_fn, seam)(env, self, to, off, len);
    original_end(env, &call);
    return n;
}

/* ---- write: returns when all is written ---- */

static int64_t write_stock(int fd, const struct iovec *from) {
    ssize_t n;
    do {
        n = write(fd, from->iov_base, from->iov_len);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static int64_t write_held(struct call *call, const struct iovec *from) {
    int64_t n = oq_try_write(call->held, from);
    if (n != -EAGAIN) return n;
    report(call);
    return await(call, EPOLLOUT) ? 0 : write_stock(call->held, from);
}

/* As the JDK's loop would: it looks at the stream once part is written. */
static void throw_write(struct call *call, bool begun, int error) {
    if (begun && descriptor(call) < 0) {
        oq_throw_io(call->env, "Stream Closed");
    } else {
        oq_throw_errno(call->env, error);
    }
}

/*
 * False: the original has to do it. So many bytes or fewer are written as a whole or not at all;
 * of more, a part may be out when the stream is closed, so the hold comes first.
 */
static bool write_pipe(struct call *call, const char *at, size_t len) {
    struct iovec from = {(void *)(intptr_t)at, len};
    if (len <= PIPE_BUF) {
        int64_t n = oq_try_write(call->fd, &from);
        if (n != -EAGAIN) return n == (int64_t)len; /* else the original says what is wrong */
    }
    if (!hold(call)) return false;
    int64_t n = 0;
    while (from.iov_len > 0 && (n = write_held(call, &from)) >= 0) {
        from.iov_base = (char *)from.iov_base + n;
        from.iov_len -= (size_t)n;
    }
    let_go(call);
    if (n < 0) throw_write(call, from.iov_len < len, (int)-n);
    return true;
}

static __attribute__((noinline)) bool write_array(struct call *call, jbyteArray from, jint off,
                                                  jint len) {
    JNIEnv *env = call->env;
    char own[STACK_BYTES];
    char *at = len <= STACK_BYTES ? own : malloc((size_t)len);
    if (at == NULL) return false;
    (*env)->GetByteArrayRegion(env, from, off, len, (jbyte *)at);
    bool done = !(*env)->ExceptionCheck(env) && write_pipe(call, at, (size_t)len);
    if (at != own) free(at);
    return done;
}

static void write_byte(JNIEnv *env, jobject self, jint b, jboolean append, enum oq_seam seam,
                       jfieldID field) {
    struct call call;
    char one = (char)b;
    enter(env, self, &call, seam, field);
    if (on_pipe(&call) && write_pipe(&call, &one, 1)) return;
    original_begin(env, &call);
    if (seam == OQ_S_RANDOM_WRITE) {
        ORIGINAL(write_random_fn, seam)(env, self, b);
    } else {
        ORIGINAL(write_fn, seam)(env, self, b, append);
    }
    original_end(env, &call);
}

static void write_bytes(JNIEnv *env, jobject self, jbyteArray from, jint off, jint len,
                        jboolean append, enum oq_seam seam, jfieldID field) {
    struct call call;
    enter(env, self, &call, seam, field);
    if (on_pipe(&call) && in_bounds(env, from, off, len) && write_array(&call, from, off, len)) {
        return;
    }
    original_begin(env, &call);
    if (seam == OQ_S_RANDOM_WRITE_BYTES) {
        ORIGINAL(write_random_bytes_fn, seam)(env, self, from, off, len);
    } else {
        ORIGINAL(write_bytes_fn, seam)(env, self, from, off, len, append);
    }
    original_end(env, &call);
}

/* ---- by class ---- */

jint oq_hook_stream_read(JNIEnv *env, jobject self) {
    return read_byte(env, self, OQ_S_STREAM_READ, oq_vm.input_fd);
}

jint oq_hook_stream_read_bytes(JNIEnv *env, jobject self, jbyteArray to, jint off, jint len) {
    return read_bytes(env, self, to, off, len, OQ_S_STREAM_READ_BYTES, oq_vm.input_fd);
}

void oq_hook_stream_write(JNIEnv *env, jobject self, jint b, jboolean append) {
    write_byte(env, self, b, append, OQ_S_STREAM_WRITE, oq_vm.output_fd);
}

void oq_hook_stream_write_bytes(JNIEnv *env, jobject self, jbyteArray from, jint off, jint len,
                                jboolean append) {
    write_bytes(env, self, from, off, len, append, OQ_S_STREAM_WRITE_BYTES, oq_vm.output_fd);
}

jint oq_hook_random_read(JNIEnv *env, jobject self) {
    return read_byte(env, self, OQ_S_RANDOM_READ, oq_vm.random_fd);
}

jint oq_hook_random_read_bytes(JNIEnv *env, jobject self, jbyteArray to, jint off, jint len) {
    return read_bytes(env, self, to, off, len, OQ_S_RANDOM_READ_BYTES, oq_vm.random_fd);
}

void oq_hook_random_write(JNIEnv *env, jobject self, jint b) {
    write_byte(env, self, b, JNI_FALSE, OQ_S_RANDOM_WRITE, oq_vm.random_fd);
}

void oq_hook_random_write_bytes(JNIEnv *env, jobject self, jbyteArray from, jint off, jint len) {
    write_bytes(env, self, from, off, len, JNI_FALSE, OQ_S_RANDOM_WRITE_BYTES, oq_vm.random_fd);
}
