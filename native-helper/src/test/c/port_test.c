/* Ports: their budget, what ended threads leave, and that a kick wakes exactly one. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define SHORT_LIVED 10000

static int count_descriptors(void) {
    DIR *dir = opendir("/proc/self/fd");
    CHECK(dir != NULL);
    int n = 0;
    while (readdir(dir) != NULL) n++;
    closedir(dir);
    return n;
}

static void *wait_shortly(void *unused) {
    (void)unused;
    struct oq_port *port = oq_port_take();
    CHECK(port != NULL && oq_port_open(port));
    CHECK(oq_port_wait(port, false, oq_now_ns() + 1000) == -ETIMEDOUT);
    return NULL;
}

static void ended_threads_leave_no_more_than_the_spare_ports(void) {
    int before = count_descriptors();
    pthread_t t[8];
    for (int i = 0; i < SHORT_LIVED / 8; i++) {
        for (int k = 0; k < 8; k++) CHECK(pthread_create(&t[k], NULL, wait_shortly, NULL) == 0);
        for (int k = 0; k < 8; k++) pthread_join(t[k], NULL);
    }
    CHECK(oq.page->ports_open == 1);
    CHECK(count_descriptors() <= before + (int)oq.page->ports_spare);
    CHECK(oq.page->ports_spare <= 16 && oq.page->ports_made <= 32);
}

static pthread_barrier_t both;
static struct oq_port *others;
static _Atomic int woken;

static void *wait_for_kick(void *unused) {
    (void)unused;
    struct oq_port *port = oq_port_take();
    CHECK(oq_port_open(port));
    others = port;
    pthread_barrier_wait(&both);
    CHECK(oq_port_wait(port, false, oq_now_ns() + LOST_NS) == 0);
    woken++;
    return NULL;
}

static void a_kick_wakes_the_port_it_is_meant_for(struct oq_port *mine) {
    pthread_t t;
    CHECK(pthread_barrier_init(&both, NULL, 2) == 0);
    CHECK(pthread_create(&t, NULL, wait_for_kick, NULL) == 0);
    pthread_barrier_wait(&both);
    oq_port_kick(others);
    pthread_join(t, NULL);
    CHECK(woken == 1);
    CHECK(oq_port_wait(mine, false, oq_now_ns()) == -ETIMEDOUT);
    oq_port_kick(mine);
    oq_port_kick(mine); /* two are as good as one */
    CHECK(oq_port_wait(mine, false, OQ_FOREVER) == 0);
    CHECK(oq_port_wait(mine, false, oq_now_ns()) == -ETIMEDOUT);
}

static void a_regular_file_cannot_be_watched(struct oq_port *port) {
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK(oq_port_watch(port, fd, 0, EPOLLIN) == -EPERM);
    CHECK(oq_fd_type(fd) == OQ_FD_FILE);
    close(fd);
}

static void *ask_for_port(void *refused) {
    struct oq_port *port = oq_port_take();
    if (port != NULL && !oq_port_open(port)) (*(_Atomic int *)refused)++;
    pthread_barrier_wait(&both);
    return NULL;
}

/* In a child, because the limit is the process's. */
static void past_the_budget_threads_are_refused(void) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit few = {64, 64};
        CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
        open_queue();
        CHECK(oq.page->port_budget == 16);
        _Atomic int refused = 0;
        pthread_t t[40];
        CHECK(pthread_barrier_init(&both, NULL, 40) == 0);
        for (int i = 0; i < 40; i++) CHECK(pthread_create(&t[i], NULL, ask_for_port, &refused) == 0);
        for (int i = 0; i < 40; i++) pthread_join(t[i], NULL);
        CHECK(refused == 40 - 15);
        CHECK(oq.page->over_budget == 25);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void) {
    past_the_budget_threads_are_refused();
    struct oq_port *port = open_queue();
    CHECK(oq.page->magic == OQ_PAGE_MAGIC && oq.page->abi == OQ_ABI);
    ended_threads_leave_no_more_than_the_spare_ports();
    a_kick_wakes_the_port_it_is_meant_for(port);
    a_regular_file_cannot_be_watched(port);
    printf("port_test: passed\n");
    return 0;
}
