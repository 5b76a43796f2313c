/*
 * Files for virtual threads: what kind of thing a descriptor is, and what can be had from it at
 * once. Nothing here waits; who finds -EAGAIN has somebody else wait (see onequeue.carrier.FileCalls).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vm.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif

/* Of one copy through the stack, as the JDK has it; and of one through the heap. */
#define STACK_BYTES 8192
#define HEAP_BYTES (1 << 20)

static uint8_t ask(int fd) {
    struct stat st;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &st) != 0) return OQ_F_KNOWN;
    if (S_ISFIFO(st.st_mode)) return OQ_F_KNOWN | ((flags & O_NONBLOCK) != 0 ? 0 : OQ_F_PIPE);
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) return OQ_F_KNOWN;
    uint8_t how = OQ_F_KNOWN | OQ_F_DISK;
    if ((flags & O_DIRECT) != 0) return how | OQ_F_SLOW_READ | OQ_F_SLOW_WRITE;
    how |= OQ_F_TRY; /* O_SYNC includes the bit of O_DSYNC */
    return (flags & O_DSYNC) != 0 ? how | OQ_F_SLOW_WRITE : how;
}

/* Asked once in the life of the descriptor: flags set later by others (fcntl) are not seen. */
jint oq_native_file_how(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return 0;
    uint8_t how = atomic_load(&entry->file);
    if (how == 0) {
        how = ask(fd);
        atomic_store(&entry->file, how);
    }
    return how;
}

/* The file system cannot be asked for what is there at once. */
static void forget_to_try(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return;
    atomic_fetch_and(&entry->file, (uint8_t)~(OQ_F_TRY | OQ_F_PIPE));
}

static int64_t result(int fd, ssize_t n) {
    if (n >= 0) return n;
    int error = errno;
    if (error == EOPNOTSUPP || error == ENOSYS) forget_to_try(fd);
    return -error;
}

static int64_t try_read(int fd, const struct iovec *to, int count, int64_t at) {
    ssize_t n;
    do {
        n = preadv2(fd, to, count, at, RWF_NOWAIT);
    } while (n < 0 && errno == EINTR);
    return result(fd, n);
}

static int64_t try_write(int fd, const struct iovec *from, int count) {
    ssize_t n;
    do {
        n = pwritev2(fd, from, count, -1, RWF_NOWAIT);
    } while (n < 0 && errno == EINTR);
    return result(fd, n);
}

jint oq_native_try_read(JNIEnv *env, jclass self, jint fd, jlong address, jint len, jlong at) {
    (void)env, (void)self;
    struct iovec to = {(void *)(intptr_t)address, (size_t)len};
    return (jint)try_read(fd, &to, 1, at);
}

jlong oq_native_try_readv(JNIEnv *env, jclass self, jint fd, jlong address, jint count) {
    (void)env, (void)self;
    return try_read(fd, (const struct iovec *)(intptr_t)address, count, -1);
}

jint oq_native_try_write(JNIEnv *env, jclass self, jint fd, jlong address, jint len) {
    (void)env, (void)self;
    struct iovec from = {(void *)(intptr_t)address, (size_t)len};
    return (jint)try_write(fd, &from, 1);
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
    jint n = (jint)try_write(fd, &iov, 1);
    if (at != own) free(at);
    return n;
}

/* Whether to open the path may take until somebody else does. */
jboolean oq_native_is_fifo(JNIEnv *env, jclass self, jbyteArray path) {
    (void)self;
    char name[4097];
    jsize n = (*env)->GetArrayLength(env, path);
    if (n >= (jsize)sizeof name) return JNI_FALSE;
    (*env)->GetByteArrayRegion(env, path, 0, n, (jbyte *)name);
    name[n] = 0;
    struct stat st;
    return stat(name, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* A descriptor for the same, to wait on: its number stays ours whoever closes the other one. */
jint oq_native_duplicate(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return -errno;
    oq_fd_new_life(copy);
    return copy;
}

void oq_native_close_duplicate(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_DEL, fd, 0, 0); /* it would outlive the number */
    oq_fd_new_life(fd);
    close(fd);
}
