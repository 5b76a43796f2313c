/* What is known of each descriptor number, and of its lives. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "queue.h"

struct oq_fd *oq_fd_of(int fd) { return fd >= 0 && (uint32_t)fd < oq.fds_max ? &oq.fds[fd] : NULL; }

void oq_fd_new_life(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return;
    atomic_store(&entry->type, OQ_FD_UNKNOWN);
    atomic_store(&entry->in_parts, 0);
    atomic_store(&entry->blocking, OQ_MODE_UNKNOWN);
    atomic_store(&entry->in_tree, 0);
    atomic_store(&entry->use, OQ_USE_NONE);
    atomic_store(&entry->registered, 0);
    atomic_store(&entry->file, 0);
    atomic_store(&entry->position, 0);
    atomic_store(&entry->key_edge, 0);
    oq_selector_gone(entry);
    atomic_fetch_add(&entry->gen, 1);
    oq_fd_let_go(fd);
}

static enum oq_fd_type ask_type(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0) return OQ_FD_UNKNOWN;
    if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) return OQ_FD_FILE;
    if (S_ISFIFO(st.st_mode)) return OQ_FD_PIPE;
    if (!S_ISSOCK(st.st_mode)) return OQ_FD_OTHER;
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return OQ_FD_OTHER;
    return type == SOCK_DGRAM ? OQ_FD_DATAGRAM : type == SOCK_STREAM ? OQ_FD_STREAM : OQ_FD_OTHER;
}

static bool is_unix_domain(int fd) {
    int domain = 0;
    socklen_t size = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain == AF_UNIX;
}

enum oq_fd_type oq_fd_type(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return OQ_FD_OTHER;
    uint8_t type = atomic_load_explicit(&entry->type, memory_order_relaxed);
    if (type == OQ_FD_UNKNOWN) {
        type = (uint8_t)ask_type(fd);
        if (type == OQ_FD_STREAM && is_unix_domain(fd)) atomic_store(&entry->in_parts, 1);
        atomic_store_explicit(&entry->type, type, memory_order_relaxed);
    }
    return (enum oq_fd_type)type;
}

bool oq_took_all(int fd, int64_t n, size_t size) {
    if (oq_fd_type(fd) != OQ_FD_STREAM || n == 0) return false;
    return n < 0 || (n < (int64_t)size && !atomic_load(&oq_fd_of(fd)->in_parts));
}

bool oq_fd_blocking(int fd) {
    struct oq_fd *entry = oq_fd_of(fd);
    if (entry == NULL) return false;
    uint8_t mode = atomic_load_explicit(&entry->blocking, memory_order_relaxed);
    if (mode == OQ_MODE_UNKNOWN) {
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) return false;
        mode = (flags & O_NONBLOCK) != 0 ? OQ_MODE_NONBLOCKING : OQ_MODE_BLOCKING;
        atomic_store_explicit(&entry->blocking, mode, memory_order_relaxed);
    }
    return mode == OQ_MODE_BLOCKING;
}

enum oq_kind oq_kind_of(int fd, short events) {
    switch (oq_fd_type(fd)) {
    case OQ_FD_DATAGRAM: return OQ_DATAGRAM;
    case OQ_FD_PIPE: return OQ_PIPE;
    case OQ_FD_STREAM: break;
    default: return (events & POLLIN) != 0 ? OQ_READ : OQ_WRITE;
    }
    if ((events & POLLIN) != 0) {
        int accepting = 0;
        socklen_t size = sizeof accepting;
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &size);
        return accepting ? OQ_ACCEPT : OQ_READ;
    }
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    return getpeername(fd, (struct sockaddr *)&peer, &size) == 0 ? OQ_WRITE : OQ_CONNECT;
}
