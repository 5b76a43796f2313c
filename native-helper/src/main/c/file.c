/*
 * Files for virtual threads: what kind of thing a descriptor is, and what can be had from it at
 * once. Nothing here waits; who finds -EAGAIN has somebody else wait (see onequeue.carrier.FileCalls).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vm.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif

/* Of one copy through the stack, as the JDK has it; and of one through the heap. */
#define STACK_BYTES 8192
#define HEAP_BYTES (1 << 20)

/*
 * Devices of file systems that cannot be asked what is in the page cache, 0 for none: each new
 * descriptor would ask in vain. One that was unmounted is in here for good, at the cost of no more
 * than the asking.
 */
static _Atomic uint64_t mute[8];

static bool is_mute(uint64_t device) {
    for (size_t i = 0; i < sizeof mute / sizeof *mute; i++) {
        if (atomic_load_explicit(&mute[i], memory_order_relaxed) == device) return true;
    }
    return false;
}

static void found_mute(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0 || is_mute(st.st_dev)) return;
    for (size_t i = 0; i < sizeof mute / sizeof *mute; i++) {
        uint64_t none = 0;
        if (atomic_compare_exchange_strong(&mute[i], &none, st.st_dev)) return;
    }
}

static uint8_t ask(int fd) {
    struct stat st;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &st) != 0) return OQ_F_KNOWN;
    if (S_ISFIFO(st.st_mode)) return OQ_F_KNOWN | ((flags & O_NONBLOCK) != 0 ? 0 : OQ_F_PIPE);
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) return OQ_F_KNOWN;
    uint8_t how = OQ_F_KNOWN | OQ_F_DISK;
    if ((flags & O_DIRECT) != 0) {
        how |= OQ_F_SLOW_READ | OQ_F_SLOW_WRITE;
        return (flags & O_APPEND) != 0 ? how : how | OQ_F_RING_WRITE;
    }
    if (!is_mute(st.st_dev)) how |= OQ_F_TRY;
    /* O_SYNC includes the bit of O_DSYNC. */
    return (flags & O_DSYNC) != 0 ? how | OQ_F_SLOW_WRITE : how;
}

/* Asked once in the life of the descriptor: flags set later by others (fcntl) are not seen. */
uint8_t oq_file_how(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return 0;
    uint8_t how = atomic_load(&entry->file);
    if (how == 0) {
        how = ask(fd);
        atomic_store(&entry->file, how);
    }
    return how;
}

jint oq_native_file_how(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    return oq_file_how(fd);
}

/* Files: not every file system can be asked. Pipes: named ones cannot, but show their readiness. */
static bool cannot_be_tried(int fd, int error) {
    if (error != EOPNOTSUPP && error != ENOSYS) return false;
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL || (atomic_fetch_and(&entry->file, (uint8_t)~OQ_F_TRY) & OQ_F_PIPE) == 0) {
        found_mute(fd);
        return false;
    }
    atomic_fetch_or(&entry->file, OQ_F_POLL);
    return true;
}

static bool is_polled(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    return entry != NULL && (atomic_load_explicit(&entry->file, memory_order_relaxed) & OQ_F_POLL) != 0;
}

/*
 * Ready or in error; somebody else may still be faster, as in every wait for readiness. An end that
 * was not opened for it never gets ready, but the call fails at once.
 */
static bool is_ready(int fd, short events) {
    struct pollfd p = {.fd = fd, .events = events};
    if (poll(&p, 1, 0) != 0) return true;
    return (fcntl(fd, F_GETFL) & O_ACCMODE) == (events == POLLIN ? O_WRONLY : O_RDONLY);
}

/*
 * In line, past the C library, whose wrappers have work of their own for threads that can be cancelled.
 * Returns what the call gives, or -errno.
 */
static inline long call(long number, long a, long b, long c, long d, long flags) {
#if defined(__x86_64__)
    long result;
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = 0;
    register long sixth __asm__("r9") = flags;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
#else
    long result = syscall(number, a, b, c, d, 0L, flags);
    return result < 0 ? -errno : result;
#endif
}

static inline long vector_now(long number, int fd, const struct iovec *iov, int count, int64_t at) {
    return call(number, fd, (long)iov, count, at, RWF_NOWAIT);
}

static inline long read_cached(int fd, const struct iovec *to, int64_t at) {
    return call(at < 0 ? SYS_read : SYS_pread64, fd, (long)to->iov_base, (long)to->iov_len, at, 0);
}

/* Where the file system, or the pipe, does not answer at once as asked. */
static __attribute__((noinline)) int64_t read_otherwise(int fd, const struct iovec *to, int count,
                                                        int64_t at) {
    for (;;) {
        if (!is_polled(fd)) {
            long n = vector_now(SYS_preadv2, fd, to, count, at);
            if (n == -EINTR) continue;
            if (n >= 0 || !cannot_be_tried(fd, (int)-n)) return n;
        }
        if (!is_ready(fd, POLLIN)) return -EAGAIN;
        ssize_t n = readv(fd, to, count);
        if (n >= 0 || errno != EINTR) return n < 0 ? -errno : n;
    }
}

static inline int64_t try_read(int fd, const struct iovec *to, int count, int64_t at) {
    if (count == 1 && oq_is_cached(fd, at, to->iov_len)) {
        long n = read_cached(fd, to, at);
        if (n >= 0) return n;
    }
    long n = is_polled(fd) ? -EINTR : vector_now(SYS_preadv2, fd, to, count, at);
    return n >= 0 || n == -EAGAIN ? n : read_otherwise(fd, to, count, at);
}

int64_t oq_try_read(int fd, const struct iovec *to, int count, int64_t at) {
    return try_read(fd, to, count, at);
}

/* A pipe that is ready has room for so many bytes at least, and takes them as a whole. */
static ssize_t write_some(int fd, const struct iovec *from) {
    return write(fd, from->iov_base, from->iov_len < PIPE_BUF ? from->iov_len : PIPE_BUF);
}

int64_t oq_try_write(int fd, const struct iovec *from) {
    for (;;) {
        if (!is_polled(fd)) {
            long n = vector_now(SYS_pwritev2, fd, from, 1, -1);
            if (n == -EINTR) continue;
            if (n >= 0 || !cannot_be_tried(fd, (int)-n)) return n;
        }
        if (!is_ready(fd, POLLOUT)) return -EAGAIN;
        ssize_t n = write_some(fd, from);
        if (n >= 0 || errno != EINTR) return n < 0 ? -errno : n;
    }
}

jint oq_native_try_read(JNIEnv *env, jclass self, jint fd, jlong address, jint len, jlong at) {
    (void)env, (void)self;
    struct iovec to = {(void *)(intptr_t)address, (size_t)len};
    return (jint)try_read(fd, &to, 1, at);
}

jlong oq_native_try_readv(JNIEnv *env, jclass self, jint fd, jlong address, jint count) {
    (void)env, (void)self;
    return oq_try_read(fd, (const struct iovec *)(intptr_t)address, count, -1);
}

jint oq_native_try_write(JNIEnv *env, jclass self, jint fd, jlong address, jint len) {
    (void)env, (void)self;
    struct iovec from = {(void *)(intptr_t)address, (size_t)len};
    return (jint)oq_try_write(fd, &from);
}

/* Room for len bytes or fewer, which len gets; the caller's own, or of the heap. */
static void *room(char *own, jint *len) {
    if (*len <= STACK_BYTES) return own;
    if (*len > HEAP_BYTES) *len = HEAP_BYTES;
    void *heap = malloc((size_t)*len);
    if (heap != NULL) return heap;
    *len = STACK_BYTES;
    return own;
}

jint oq_native_try_read_bytes(JNIEnv *env, jclass self, jint fd, jbyteArray to, jint off,
                              jint len) {
    (void)self;
    char own[STACK_BYTES];
    void *at = room(own, &len);
    struct iovec iov = {at, (size_t)len};
    jint n = (jint)try_read(fd, &iov, 1, -1);
    if (n > 0) (*env)->SetByteArrayRegion(env, to, off, n, at);
    if (at != own) free(at);
    return n;
}

jint oq_native_try_write_bytes(JNIEnv *env, jclass self, jint fd, jbyteArray from, jint off,
                               jint len) {
    (void)self;
    char own[STACK_BYTES];
    void *at = room(own, &len);
    struct iovec iov = {at, (size_t)len};
    (*env)->GetByteArrayRegion(env, from, off, len, at);
    jint n = (jint)oq_try_write(fd, &iov);
    if (at != own) free(at);
    return n;
}

jlong oq_native_seek(JNIEnv *env, jclass self, jint fd, jlong at) {
    (void)env, (void)self;
    off_t now = at < 0 ? lseek(fd, 0, SEEK_CUR) : lseek(fd, at, SEEK_SET);
    return now < 0 ? -errno : now;
}

void oq_native_set_errno(JNIEnv *env, jclass self, jint error) {
    (void)env, (void)self;
    errno = error;
}

/* A descriptor for the same, to wait on: its number stays ours whoever closes the other one. */
jint oq_native_duplicate(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return -errno;
    oq_fd_new_life(copy);
    struct oq_fd *original = oq_fd_of(fd), *entry = oq_fd_of(copy);
    if (original != NULL && entry != NULL) atomic_store(&entry->file, atomic_load(&original->file));
    return copy;
}

void oq_native_close_duplicate(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_DEL, fd, 0, 0); /* it would outlive the number */
    oq_fd_new_life(fd);
    close(fd);
}
