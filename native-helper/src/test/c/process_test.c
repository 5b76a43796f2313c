/* Processes whose end is waited for: living, ended, gone, past the budget, and many at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define MANY 100

/* Ends with that code once the pipe has no writer. */
static pid_t child(int until, int not_mine, int code) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        char byte;
        close(not_mine);
        while (until >= 0 && read(until, &byte, 1) > 0) {
        }
        _exit(code);
    }
    return pid;
}

static void await_zombie(pid_t pid) {
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
}

static void reap(pid_t pid, int code) {
    int status;
    CHECK(waitpid(pid, &status, WNOHANG) == pid); /* there is nothing to wait for any more */
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == code);
}

static void one_that_has_ended(void) {
    pid_t pid = child(-1, -1, 3);
    await_zombie(pid);
    int fd = oq_process_watch(pid);
    CHECK(fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(oq_process_await() == fd);
    oq_process_forget(fd);
    CHECK(fcntl(fd, F_GETFD) == -1);
    reap(pid, 3);
    CHECK(oq_process_watch(pid) == -ESRCH);
}

static void many(void) {
    int gate[2], fds[MANY];
    pid_t pids[MANY];
    CHECK(pipe(gate) == 0);
    for (int i = 0; i < MANY; i++) {
        pids[i] = child(gate[0], gate[1], i);
        fds[i] = oq_process_watch(pids[i]);
        CHECK(fds[i] >= 0);
    }
    close(gate[1]);
    for (int n = 0; n < MANY; n++) {
        int fd = oq_process_await();
        int i = 0;
        while (i < MANY && fds[i] != fd) i++;
        CHECK(i < MANY); /* each is told once */
        fds[i] = -1;
        oq_process_forget(fd);
        reap(pids[i], i);
    }
    close(gate[0]);
}

/* A forked child has the descriptor still when we close it; its end must not be told again. */
static void one_with_a_copy(void) {
    int gate[2];
    CHECK(pipe(gate) == 0);
    pid_t first = child(-1, -1, 1);
    int fd = oq_process_watch(first);
    pid_t holder = child(gate[0], gate[1], 2);
    CHECK(oq_process_await() == fd);
    oq_process_forget(fd);
    reap(first, 1);
    int next = oq_process_watch(holder);
    close(gate[1]);
    CHECK(oq_process_await() == next);
    oq_process_forget(next);
    reap(holder, 2);
    close(gate[0]);
}

static void past_the_budget(void) {
    uint32_t budget = oq.page->port_budget;
    pid_t pid = child(-1, -1, 0);
    oq.page->port_budget = oq.page->ports_open;
    CHECK(oq_process_watch(pid) == -EMFILE);
    oq.page->port_budget = budget;
    await_zombie(pid);
    reap(pid, 0);
}

int main(void) {
    CHECK(oq_queue_open(OQ_UNIFY, true) == 0);
    one_that_has_ended();
    many();
    one_with_a_copy();
    past_the_budget();
    return 0;
}
