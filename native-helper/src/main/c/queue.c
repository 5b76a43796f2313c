/* The process-wide part of the queue: the tree's root, the status page, the tables. */
#define _GNU_SOURCE
#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct oq_queue oq = {.root = -1, .ready_fd = -1, .page_fd = -1, .carrier_fd = -1};

_Static_assert(sizeof(struct oq_port) <= OQ_PORT_SIZE, "StatusPage reads ports of OQ_PORT_SIZE bytes");
_Static_assert(sizeof(struct oq_page) <= OQ_PAGE_TEXT, "the text follows the numbers");

/* Keep in sync with onequeue.control.StatusPage, which reads the page from outside. */
_Static_assert(offsetof(struct oq_page, abi) == 8, "StatusPage.ABI_AT");
_Static_assert(offsetof(struct oq_page, ports_made) == 16, "StatusPage.PORTS_MADE_AT");
_Static_assert(offsetof(struct oq_page, ports_open) == 20, "StatusPage.PORTS_OPEN_AT");
_Static_assert(offsetof(struct oq_page, port_budget) == 24, "StatusPage.PORT_BUDGET_AT");
_Static_assert(offsetof(struct oq_page, ports_spare) == 28, "StatusPage.PORTS_SPARE_AT");
_Static_assert(offsetof(struct oq_page, selectors) == 32, "StatusPage.SELECTORS_AT");
_Static_assert(offsetof(struct oq_page, over_budget) == 40, "StatusPage.OVER_BUDGET_AT");
_Static_assert(offsetof(struct oq_page, rebuilt) == 48, "StatusPage.REBUILT_AT");
_Static_assert(offsetof(struct oq_page, recording) == 56, "StatusPage.RECORDING_AT");
_Static_assert(offsetof(struct oq_port, waits) == 104, "StatusPage.WAITS_AT");
_Static_assert(offsetof(struct oq_port, fired) == 216, "StatusPage.FIRED_AT");
_Static_assert(offsetof(struct oq_port, saved) == 736, "StatusPage.SAVED_AT");
_Static_assert(offsetof(struct oq_port, answered) == 744, "StatusPage.ANSWERED_AT");
_Static_assert(offsetof(struct oq_port, dry_fd) == 752, "Carrier.DRY_FD");

/* Keep in sync with onequeue.carrier.Readiness and FileTable. */
_Static_assert(sizeof(struct oq_fd) == 64, "Readiness.ENTRY");
_Static_assert(offsetof(struct oq_fd, in) == 24, "Readiness.IN");
_Static_assert(offsetof(struct oq_fd, out) == 25, "Readiness.OUT");
_Static_assert(offsetof(struct oq_fd, ended) == 26, "Readiness.ENDED");
_Static_assert(offsetof(struct oq_fd, registered) == 27, "Readiness.REGISTERED");
_Static_assert(offsetof(struct oq_fd, file) == 28, "FileTable.HOW");
_Static_assert(offsetof(struct oq_fd, position) == 29, "FileTable.POSITION");

#define FDS_MAX (1u << 20)
#define BUDGET_SHARE 4 /* of the descriptor limit */

int64_t oq_now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * OQ_NS_PER_S + t.tv_nsec;
}

void *oq_reserve(size_t bytes) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Out of the way of the low numbers that programs, and tests, like to predict. */
int oq_move_up(int fd) {
    if (fd < 0) return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, oq.lowest_fd);
    if (high < 0) return fd;
    close(fd);
    return high;
}

static int page_open(int mode, rlim_t descriptors) {
    size_t bytes = OQ_PAGE_PORTS + (size_t)OQ_PORTS_MAX * OQ_PORT_SIZE;
    oq.page_fd = oq_move_up((int)syscall(SYS_memfd_create, "onequeue", 1u /* MFD_CLOEXEC */));
    if (oq.page_fd < 0 || ftruncate(oq.page_fd, (off_t)bytes) != 0) return -errno;
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, oq.page_fd, 0);
    if (at == MAP_FAILED) return -errno;
    oq.page = at;
    oq.ports = (struct oq_port *)((char *)at + OQ_PAGE_PORTS);
    oq.page->magic = OQ_PAGE_MAGIC;
    oq.page->abi = OQ_ABI;
    oq.page->mode = (uint32_t)mode;
    rlim_t budget = descriptors / BUDGET_SHARE;
    oq.page->port_budget = budget < OQ_PORTS_MAX ? (uint32_t)budget : OQ_PORTS_MAX;
    return 0;
}

int oq_queue_open(int mode, bool pwait2) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    oq.lowest_fd = limit.rlim_cur > 4096 ? 1024 : (int)(limit.rlim_cur / 2);
    oq.fds_max = limit.rlim_max < FDS_MAX ? (uint32_t)limit.rlim_max : FDS_MAX;
    oq.fds = oq_reserve(oq.fds_max * sizeof(struct oq_fd));
    if (oq.fds == NULL) return -ENOMEM;
    int r = oq_holds_open();
    if (r < 0) return r;
    r = page_open(mode, limit.rlim_cur);
    if (r < 0) return r;
    oq.root = oq_move_up(epoll_create1(EPOLL_CLOEXEC));
    oq.ready_fd = oq_move_up(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    if (oq.root < 0 || oq.ready_fd < 0) return -errno;
    oq.pwait2 = pwait2;
    return oq_ports_init();
}

int oq_epoll_ctl(int epfd, int op, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event ev = {.events = events, .data.u64 = tag};
    return epoll_ctl(epfd, op, fd, &ev) == 0 ? 0 : -errno;
}

int oq_sample(void) {
    struct epoll_event ready[64];
    int n = epoll_wait(oq.root, ready, 64, 0);
    for (int i = 0; i < n; i++) {
        oq_epoll_ctl(oq.root, EPOLL_CTL_MOD, (int)ready[i].data.u64, EPOLLIN | EPOLLONESHOT,
                     ready[i].data.u64);
    }
    return n;
}
