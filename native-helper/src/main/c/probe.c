/* What this kernel, under the limits it runs us with, allows. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "onequeue.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif

static int errno_or_close(long fd) {
    if (fd < 0) return -errno;
    close((int)fd);
    return 0;
}

static int probe_pwait2(void) {
#ifdef SYS_epoll_pwait2
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    if (epfd < 0) return -errno;
    struct epoll_event ev;
    struct timespec zero = {0, 0};
    int r = syscall(SYS_epoll_pwait2, epfd, &ev, 1, &zero, NULL, 0) < 0 ? -errno : 0;
    close(epfd);
    return r;
#else
    return -ENOSYS;
#endif
}

static int nest(int outer, int inner, int ready) {
    struct epoll_event ev = {.events = EPOLLIN};
    if (epoll_ctl(inner, EPOLL_CTL_ADD, ready, &ev) != 0) return -errno;
    if (epoll_ctl(outer, EPOLL_CTL_ADD, inner, &ev) != 0) return -errno;
    return epoll_wait(outer, &ev, 1, 0) == 1 ? 0 : -EIO;
}

static int probe_nested(void) {
    int outer = epoll_create1(EPOLL_CLOEXEC);
    int inner = epoll_create1(EPOLL_CLOEXEC);
    int ready = eventfd(1, EFD_CLOEXEC);
    int r = outer < 0 || inner < 0 || ready < 0 ? -errno : nest(outer, inner, ready);
    if (outer >= 0) close(outer);
    if (inner >= 0) close(inner);
    if (ready >= 0) close(ready);
    return r;
}

static int probe_pidfd(void) {
#ifdef SYS_pidfd_open
    return errno_or_close(syscall(SYS_pidfd_open, getpid(), 0));
#else
    return -ENOSYS;
#endif
}

static int probe_uring(void) {
#ifdef SYS_io_uring_setup
    /* A ring of no entries: EINVAL from whoever has it and allows it. To make one and close it
       again would cost the program's start some 10 ms. */
    char params[120] = {0}; /* struct io_uring_params of <linux/io_uring.h> */
    int r = errno_or_close(syscall(SYS_io_uring_setup, 0, params));
    return r == -EINVAL ? 0 : r;
#else
    return -ENOSYS;
#endif
}

static int probe_preadv2(void) {
    char byte;
    struct iovec iov = {&byte, 1};
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int r = preadv2(fd, &iov, 1, 0, RWF_NOWAIT) < 0 && errno != EAGAIN ? -errno : 0;
    close(fd);
    return r;
}

static int probe_memfd(void) { return errno_or_close(syscall(SYS_memfd_create, "onequeue", 1u)); }

static const struct {
    const char *name;
    int (*ask)(void);
} features[] = {
    {"epoll_pwait2", probe_pwait2}, {"nested-epoll", probe_nested}, {"pidfd_open", probe_pidfd},
    {"io_uring", probe_uring},      {"preadv2", probe_preadv2},     {"memfd", probe_memfd},
};

static const char *reason(int error) {
    switch (error) {
    case 0: return "";
    case ENOSYS: return "this kernel does not have it";
    case EPERM:
    case EACCES: return "forbidden here (seccomp or a container's rules)";
    default: return strerror(error);
    }
}

OQ_API int oq_probe(char *buf, int size) {
    int used = 0;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        int r = features[i].ask();
        int n = snprintf(buf + used, (size_t)(size - used), "%s\t%s\t%s\n", features[i].name,
                         r == 0 ? "yes" : "no", reason(-r));
        if (n >= size - used) return -ENOSPC;
        used += n;
    }
    return used;
}
