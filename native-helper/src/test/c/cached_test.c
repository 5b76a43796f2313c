/* What is known to be in the page cache, on the file system that holds the current directory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif

#define MIB (1 << 20)
#define PAGE 4096
#define SIZE (2 * MIB + 3 * PAGE + 5)
#define ENOUGH 40
#define ANSWER_NS (5 * OQ_NS_PER_S)

static char data[SIZE];

/* Whether the kernel says that it has all of this MiB: no when it cannot be asked, nor of an overlay. */
static bool is_there(int fd, uint64_t from) {
    uint64_t range[2] = {from, MIB}, pages[5];
    return syscall(SYS_cachestat, fd, range, pages, 0) == 0
           && pages[0] * (uint64_t)sysconf(_SC_PAGESIZE) >= MIB;
}

static int open_file(const char *name) {
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    CHECK(write(fd, data, SIZE) == SIZE && fsync(fd) == 0);
    oq_fd_new_life(fd);
    atomic_store(&oq_fd_of(fd)->file, OQ_F_KNOWN | OQ_F_DISK | OQ_F_TRY);
    return fd;
}

/* How many reads of a page it takes until one is known to be cached; ENOUGH when none is. */
static int reads_at(int fd, int64_t at) {
    int n = 0;
    while (n < ENOUGH && !oq_is_cached(fd, at, PAGE)) n++;
    return n;
}

static void at_places(int fd) {
    CHECK(reads_at(fd, 0) == 32); /* they have to be in a row */
    CHECK(oq_is_cached(fd, MIB - PAGE, PAGE));
    CHECK(!oq_is_cached(fd, MIB - PAGE, PAGE + 1)); /* part of it is elsewhere */
    CHECK(oq_is_cached(fd, MIB, PAGE));             /* goes on in the next MiB */
    CHECK(oq_is_cached(fd, 2 * MIB, PAGE));         /* which may be short */
    CHECK(!oq_is_cached(fd, 0, PAGE));              /* jumps */
    CHECK(!oq_is_cached(fd, MIB, PAGE));
    CHECK(!oq_is_cached(fd, 0, 0));
    CHECK(reads_at(fd, 0) > 0 && reads_at(fd, 0) == 0);
}

/* A file system may keep what it is told to drop, and keep in large pieces. */
static bool is_dropped(int fd) {
    CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
    return !is_there(fd, MIB);
}

static void after_a_drop(int fd) {
    CHECK(reads_at(fd, MIB) < ENOUGH);
    if (!is_dropped(fd)) {
        printf("cached_test: not tried what is dropped: this file system keeps it\n");
        return;
    }
    int64_t enough_ns = oq_now_ns() + ANSWER_NS;
    while (oq_is_cached(fd, MIB, PAGE)) CHECK(oq_now_ns() < enough_ns); /* not trusted for long */
    CHECK(reads_at(fd, MIB) == ENOUGH);
    CHECK(pread(fd, data, MIB, MIB) == MIB);
    CHECK(reads_at(fd, MIB) < ENOUGH);
}

static void at_the_position(int fd) {
    CHECK(pread(fd, data, SIZE, 0) == SIZE);
    CHECK(lseek(fd, PAGE, SEEK_SET) == PAGE);
    CHECK(reads_at(fd, -1) == 32);
    for (int i = 1; i < MIB / PAGE; i++) CHECK(oq_is_cached(fd, -1, PAGE));
    CHECK(lseek(fd, MIB + PAGE, SEEK_SET) == MIB + PAGE);
    CHECK(oq_is_cached(fd, -1, PAGE)); /* asks at once */
    CHECK(!oq_is_cached(fd, -1, MIB + 1));
    if (is_dropped(fd)) {
        CHECK(lseek(fd, MIB, SEEK_SET) == MIB);
        int64_t enough_ns = oq_now_ns() + ANSWER_NS;
        while (oq_is_cached(fd, -1, 0) || reads_at(fd, -1) < ENOUGH) CHECK(oq_now_ns() < enough_ns);
    }
}

static void another_life(int fd) {
    CHECK(pread(fd, data, MIB, 0) == MIB);
    CHECK(reads_at(fd, 0) < ENOUGH);
    oq_fd_new_life(fd);
    CHECK(reads_at(fd, 0) == ENOUGH); /* nobody has said that it is a file */
    atomic_store(&oq_fd_of(fd)->file, OQ_F_KNOWN | OQ_F_PIPE | OQ_F_TRY);
    CHECK(reads_at(fd, -1) == ENOUGH);
}

int main(void) {
    open_queue();
    char name[] = "target/cached_test.file";
    int fd = open_file(name);
    if (is_there(fd, 0)) {
        at_places(fd);
        after_a_drop(fd);
        at_the_position(fd);
        another_life(fd);
        printf("cached_test: passed\n");
    } else {
        printf("cached_test: only that nothing is known: no cachestat on this kernel or file system\n");
        CHECK(reads_at(fd, 0) == ENOUGH);
    }
    close(fd);
    unlink(name);
    return 0;
}
