/*
 * The hello server as one would write it by hand for the kernel: one thread, one epoll descriptor.
 *
 * Prints "listening on 127.0.0.1:PORT", then gives the answer of HelloServer, byte for byte, to each
 * request of each connection until SIGTERM. Requests have no body. It is the yardstick of the
 * benchmark: two calls a request, and one epoll_wait for all that are ready.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 512, BACKLOG = 4096, LONGEST_HEAD = 8192 };

static const char ANSWER[] =
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain\r\n"
        "Content-Length: 13\r\n"
        "Connection: keep-alive\r\n"
        "\r\n"
        "Hello, world\n";

/* What came of a head that is not complete; almost always nothing. */
struct connection {
    int fd;
    int filled;
    char *head;
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int queue, int fd, void *who) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

/* As many descriptors as a JVM takes for itself. */
static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int listen_on_loopback(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, BACKLOG) != 0) {
        fail("listen");
    }
    getsockname(fd, (struct sockaddr *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int signal_descriptor(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    return signalfd(-1, &ends, 0);
}

static void accept_all(int queue, int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL) fail("calloc");
        connection->fd = fd;
        watch(queue, fd, connection);
    }
    /* Out of descriptors: the listener would stay ready and the loop would spin. */
    if (errno == EMFILE || errno == ENFILE) fail("accept");
}

/* Closing takes it out of the queue. Each is in one batch once, so none is used after. */
static void drop(struct connection *connection) {
    close(connection->fd);
    free(connection->head);
    free(connection);
}

/* Keeps what is behind the last complete head. False when it is too long, or memory is out. */
static int keep(struct connection *connection, const char *from, int length) {
    if (length == LONGEST_HEAD) return 0;
    if (length > 0 && connection->head == NULL && !(connection->head = malloc(LONGEST_HEAD))) return 0;
    if (length > 0) memcpy(connection->head, from, length);
    connection->filled = length;
    return 1;
}

/* Reads once and answers each complete head. An answer fits into the buffer of a peer that reads. */
static void serve(struct connection *connection) {
    static char buffer[LONGEST_HEAD];
    int filled = connection->filled;
    if (filled > 0) memcpy(buffer, connection->head, filled);
    ssize_t count = read(connection->fd, buffer + filled, sizeof buffer - filled);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        drop(connection);
        return;
    }
    const char *at = buffer, *end = buffer + filled + count, *found;
    while ((found = memmem(at, end - at, "\r\n\r\n", 4)) != NULL) {
        if (send(connection->fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) != sizeof ANSWER - 1) {
            drop(connection);
            return;
        }
        at = found + 4;
    }
    if (!keep(connection, at, end - at)) drop(connection);
}

int main(void) {
    struct epoll_event events[BATCH];
    raise_descriptor_limit();
    int ends = signal_descriptor();
    int queue = epoll_create1(0);
    int listener = listen_on_loopback();
    watch(queue, ends, &ends);
    watch(queue, listener, &listener);
    for (;;) {
        int ready = epoll_wait(queue, events, BATCH, -1);
        for (int i = 0; i < ready; i++) {
            void *who = events[i].data.ptr;
            if (who == &ends) return 0;
            if (who == &listener) {
                accept_all(queue, listener);
            } else {
                serve(who);
            }
        }
    }
}
