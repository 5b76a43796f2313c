/* Holds: the open file outlives the descriptor as long as somebody needs it, and no longer. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "test.h"

static int ends[2];

static void open_pipe(void) {
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    oq_fd_new_life(ends[0]);
    oq_fd_new_life(ends[1]);
}

static void close_one(int fd) {
    oq_fd_close_begin(fd);
    close(fd);
    oq_fd_close_end(fd);
}

static bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

static void a_hold_is_shared_and_kept_until_the_close(void) {
    open_pipe();
    CHECK(oq_fd_kept(ends[0]) == -1);
    int held = oq_fd_hold(ends[0]);
    CHECK(oq_fd_kept(ends[0]) == held);
    CHECK(held > ends[0] && (fcntl(held, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(oq_fd_hold(ends[0]) == held);
    oq_fd_release(held);
    oq_fd_release(held);
    CHECK(is_open(held) && oq_fd_hold(ends[0]) == held);
    oq_fd_release(held);
    close_one(ends[0]);
    CHECK(!is_open(held) && oq_fd_kept(ends[0]) == -1);
    CHECK(write(ends[1], "x", 1) < 0 && errno == EPIPE);
    close_one(ends[1]);
}

static void who_holds_reads_on_after_the_close(void) {
    char byte;
    open_pipe();
    int held = oq_fd_hold(ends[0]);
    close_one(ends[0]);
    CHECK(write(ends[1], "x", 1) == 1 && read(held, &byte, 1) == 1 && byte == 'x');
    oq_fd_release(held);
    CHECK(!is_open(held));
    close_one(ends[1]);
}

static void a_hold_while_it_is_being_closed_is_not_kept(void) {
    open_pipe();
    oq_fd_close_begin(ends[0]);
    int held = oq_fd_hold(ends[0]);
    CHECK(is_open(held));
    close(ends[0]);
    oq_fd_close_end(ends[0]);
    CHECK(is_open(held));
    oq_fd_release(held);
    CHECK(!is_open(held));
    CHECK(oq_fd_hold(ends[0]) == -EBADF);
    close_one(ends[1]);
}

static void past_the_budget_there_is_none(void) {
    uint32_t budget = oq.page->port_budget;
    uint64_t over = oq.page->over_budget;
    open_pipe();
    oq.page->port_budget = oq.page->ports_open;
    CHECK(oq_fd_hold(ends[0]) == -EMFILE && oq.page->over_budget == over + 1);
    oq.page->port_budget++;
    int held = oq_fd_hold(ends[0]);
    CHECK(held >= 0 && oq_fd_hold(ends[1]) == -EMFILE);
    oq_fd_release(held);
    close_one(ends[0]);
    close_one(ends[1]);
    oq.page->port_budget = budget;
}

/* ---- one holds, one closes ---- */

static char mark;

/* Whatever is held is the file of this trial; a closed one may be another's, or none. */
static void hold_side(unsigned trial, int64_t deadline_ns) {
    (void)trial, (void)deadline_ns;
    char byte;
    int held = oq_fd_hold(ends[0]);
    if (held < 0) return;
    CHECK(read(held, &byte, 1) == 1 && byte == mark);
    oq_fd_release(held);
}

static void close_side(unsigned trial) {
    (void)trial;
    close_one(ends[0]);
}

static void no_hold_outlives_the_close_that_it_races_with(void) {
    static struct race race = {.wait_side = hold_side, .wake_side = close_side, .trials = 1};
    for (unsigned i = 0; i < TRIALS / 10; i++) {
        open_pipe();
        mark = (char)i;
        CHECK(write(ends[1], &mark, 1) == 1);
        if (i % 2 == 0) oq_fd_release(oq_fd_hold(ends[0])); /* one is kept already */
        run_race(&race);
        CHECK(write(ends[1], &mark, 1) < 0 && errno == EPIPE);
        close_one(ends[1]);
    }
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    open_queue();
    a_hold_is_shared_and_kept_until_the_close();
    who_holds_reads_on_after_the_close();
    a_hold_while_it_is_being_closed_is_not_kept();
    past_the_budget_there_is_none();
    no_hold_outlives_the_close_that_it_races_with();
    printf("hold_test: passed\n");
    return 0;
}
