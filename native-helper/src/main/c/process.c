/*
 * Processes whose end somebody waits for: a pidfd each, in an epoll of their own that hangs in the
 * tree. One-shot, so that of several threads that wait here only one is told of each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "queue.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* on every architecture */
#endif

static int process_fd = -1;
static uint32_t watched;

static int open_port(void) {
    if (process_fd >= 0) return 0;
    int epfd = oq_move_up(epoll_create1(EPOLL_CLOEXEC));
    if (epfd < 0) return -errno;
    int r = oq_epoll_ctl(oq.root, EPOLL_CTL_ADD, epfd, EPOLLIN | EPOLLONESHOT, (uint64_t)epfd);
    if (r != 0) {
        close(epfd);
        return r;
    }
    process_fd = epfd;
    return 0;
}

/* The program's own descriptors come first: ours share the budget of the ports. */
int oq_process_watch(pid_t pid) {
    if (oq.page->ports_open + watched >= oq.page->port_budget) return -EMFILE;
    int r = open_port();
    if (r != 0) return r;
    int fd = oq_move_up((int)syscall(SYS_pidfd_open, pid, 0)); /* close-on-exec by itself */
    if (fd < 0) return -errno;
    r = oq_epoll_ctl(process_fd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT, (uint64_t)fd);
    if (r != 0) {
        close(fd);
        return r;
    }
    watched++;
    return fd;
}

int oq_process_await(void) {
    struct epoll_event ended;
    int n;
    do {
        n = epoll_wait(process_fd, &ended, 1, -1);
    } while (n == 0 || (n < 0 && errno == EINTR));
    return n < 0 ? -errno : (int)ended.data.u64;
}

/* A child that is being forked may have a copy of the descriptor: closing it is not enough. */
void oq_process_forget(int fd) {
    oq_epoll_ctl(process_fd, EPOLL_CTL_DEL, fd, 0, 0);
    close(fd);
    watched--;
}
