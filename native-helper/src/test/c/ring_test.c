/*
 * The ring: many threads submit, some look, no end is lost or told twice. Its broken twin is
 * registered edge-triggered: what one look has no room for lies there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define BLOCK 4096
#define BLOCKS 256
#define SUBMITTERS 4
#define OPERATIONS 5000 /* of each submitter */

static char path[] = "ring-test-XXXXXX";
static int file;

static _Atomic int under_way[OQ_RING_OPS]; /* by tag: the operation's number, or -1 */
static _Atomic unsigned begun, ended, wrong;
static _Atomic bool over;

static uint32_t *memory_of(uint32_t tag) {
    static _Alignas(BLOCK) uint32_t memory[OQ_RING_OPS][BLOCK / sizeof(uint32_t)];
    return memory[tag];
}

static void make_file(void) {
    static _Alignas(BLOCK) uint32_t block[BLOCK / sizeof(uint32_t)];
    file = mkstemp(path);
    CHECK(file >= 0);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        block[0] = block[BLOCK / sizeof *block - 1] = i;
        CHECK(write(file, block, BLOCK) == BLOCK);
    }
    CHECK(fsync(file) == 0);
    int direct = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
    if (direct >= 0) { /* else there is a file system below that has no such reads */
        close(file);
        file = direct;
    }
    CHECK(unlink(path) == 0);
}

static struct oq_ring_op operation(uint32_t tag, int number) {
    struct oq_ring_op op = {.tag = tag, .fd = file};
    if (number % 64 == 63) {
        op.what = OQ_RING_DATASYNC;
    } else {
        op.what = OQ_RING_READ;
        op.address = (uintptr_t)memory_of(tag);
        op.count = BLOCK;
        op.at = number % BLOCKS * BLOCK;
    }
    return op;
}

/* A read of the block that it asked for, or what a thread that ended leaves: its read is cancelled. */
static bool is_right(uint32_t tag, int number, int result) {
    if (result == -ECANCELED || result == -EINTR || result == -EAGAIN) return true;
    if (number % 64 == 63) return result == 0;
    return result == BLOCK && memory_of(tag)[0] == (uint32_t)(number % BLOCKS)
           && memory_of(tag)[BLOCK / sizeof(uint32_t) - 1] == (uint32_t)(number % BLOCKS);
}

static void take(int64_t word) {
    if (word >= 0) return;
    uint32_t tag = (uint32_t)(word >> 32) & (OQ_RING_OPS - 1);
    int number = atomic_load(&under_way[tag]);
    if (number < 0 || !is_right(tag, number, (int)word)) atomic_fetch_add(&wrong, 1);
    atomic_store(&under_way[tag], -1); /* tag and memory are free from here on */
    atomic_fetch_add(&ended, 1);
}

static void *submit_some(void *seed) {
    for (int i = (int)(intptr_t)seed, n = 0; n < OPERATIONS; n++, i++) {
        for (uint32_t tag = (uint32_t)i % OQ_RING_OPS;; tag = (tag + 1) % OQ_RING_OPS) {
            int free = -1;
            if (tag == 0) sched_yield(); /* all may be taken */
            struct oq_ring_op op = operation(tag, i);
            if (!atomic_compare_exchange_strong(&under_way[tag], &free, i)) continue;
            int r = oq_ring_submit(&op);
            if (r == 0) break;
            CHECK(r == -EAGAIN);
            atomic_store(&under_way[tag], -1);
        }
        atomic_fetch_add(&begun, 1);
    }
    return NULL;
}

/* One that waits, and others that glance, as carriers do. */
static void *wait_for_ends(void *unused) {
    (void)unused;
    int64_t words[8];
    while (!atomic_load(&over)) {
        int n = oq_carrier_look(words, 8, oq_now_ns() + LOST_NS);
        for (int i = 0; i < n; i++) take(words[i]);
    }
    return NULL;
}

static void *glance(void *unused) {
    (void)unused;
    int64_t words[3];
    while (!atomic_load(&over)) {
        int n = oq_carrier_look(words, 3, 0);
        for (int i = 0; i < n; i++) take(words[i]);
        sched_yield();
    }
    return NULL;
}

static void none_is_lost(void) {
    pthread_t submitters[SUBMITTERS], waiter, glancer;
    for (int i = 0; i < OQ_RING_OPS; i++) atomic_store(&under_way[i], -1);
    CHECK(pthread_create(&waiter, NULL, wait_for_ends, NULL) == 0);
    CHECK(pthread_create(&glancer, NULL, glance, NULL) == 0);
    for (intptr_t i = 0; i < SUBMITTERS; i++) {
        CHECK(pthread_create(&submitters[i], NULL, submit_some, (void *)(i * OPERATIONS)) == 0);
    }
    /* They end with operations under way. */
    for (int i = 0; i < SUBMITTERS; i++) pthread_join(submitters[i], NULL);
    int64_t deadline_ns = oq_now_ns() + LOST_NS;
    while (atomic_load(&ended) != SUBMITTERS * OPERATIONS) {
        CHECK(oq_now_ns() < deadline_ns);
        sched_yield();
    }
    atomic_store(&over, true);
    oq_carrier_kick();
    pthread_join(waiter, NULL);
    pthread_join(glancer, NULL);
    CHECK(atomic_load(&begun) == SUBMITTERS * OPERATIONS && atomic_load(&wrong) == 0);
}

static void submit_reads(unsigned count) {
    for (unsigned tag = 0; tag < count; tag++) {
        atomic_store(&under_way[tag], (int)tag);
        struct oq_ring_op op = operation(tag, (int)tag);
        CHECK(oq_ring_submit(&op) == 0);
    }
}

/* An operation that fails ends before its submission returns. */
static void submit_that_fails(uint32_t tag) {
    struct oq_ring_op op = {.what = OQ_RING_READ, .tag = tag, .fd = -1, .count = 1};
    CHECK(oq_ring_submit(&op) == 0);
}

static void an_error_is_an_end_too(void) {
    int64_t word;
    submit_that_fails(7);
    CHECK(oq_carrier_look(&word, 1, oq_now_ns() + LOST_NS) == 1);
    CHECK(word < 0 && (word >> 32 & (OQ_RING_OPS - 1)) == 7 && (int)word == -EBADF);
}

static int ring_descriptor(void) {
    for (int fd = 0; fd < (int)oq.fds_max; fd++) {
        char name[64], what[64] = "";
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        if (readlink(name, what, sizeof what - 1) > 0 && strstr(what, "[io_uring]") != NULL) return fd;
    }
    return -1;
}

/* There are eight ends, and a look has room for five: whether the next one sleeps over the rest. */
static bool sleeps_over_ends(uint32_t events, int64_t patience_ns) {
    enum { ROOM = 5, REST = 3 };
    int64_t words[ROOM], deadline_ns = oq_now_ns() + patience_ns;
    CHECK(oq_epoll_ctl(oq.carrier_fd, EPOLL_CTL_MOD, ring_descriptor(), events, OQ_RING_TAG) == 0);
    for (uint32_t tag = 0; tag < ROOM + REST; tag++) submit_that_fails(tag);
    CHECK(oq_carrier_look(words, ROOM, deadline_ns) == ROOM);
    CHECK(oq_carrier_look(words, ROOM, deadline_ns) == REST);
    return oq_now_ns() >= deadline_ns;
}

static void *submit_one(void *unused) {
    (void)unused;
    submit_reads(1);
    return NULL;
}

/* The end comes from the submitting thread, or after its end: the one who waits is in its sleep. */
static void an_end_wakes_the_one_who_waits(void) {
    for (int i = 0; i < 200; i++) {
        int64_t word, deadline_ns = oq_now_ns() + LOST_NS;
        pthread_t other;
        CHECK(pthread_create(&other, NULL, submit_one, NULL) == 0);
        int n;
        do {
            n = oq_carrier_look(&word, 1, deadline_ns);
        } while (n == 0 && oq_now_ns() < deadline_ns);
        CHECK(n == 1 && word < 0);
        take(word);
        pthread_join(other, NULL);
    }
}

/* Likewise when it is the submitter itself that waits, at the carrier port. */
static void an_end_wakes_its_own_submitter(void) {
    for (int i = 0; i < 200; i++) {
        int64_t word, deadline_ns = oq_now_ns() + LOST_NS;
        submit_reads(1);
        int n;
        do {
            n = oq_carrier_look(&word, 1, deadline_ns);
        } while (n == 0 && oq_now_ns() < deadline_ns);
        CHECK(n == 1 && word < 0);
        take(word);
    }
}

int main(void) {
    open_queue();
    CHECK(oq_carrier_open() == 0);
    int r = oq_ring_open();
    if (r != 0) {
        printf("ring_test: not run, no ring to be had here: %s\n", oq_ring_trouble());
        return 0;
    }
    CHECK(oq_ring_open() == 0 && oq_ring_trouble() == NULL);
    make_file();
    an_error_is_an_end_too();
    CHECK(sleeps_over_ends(EPOLLIN | EPOLLET, BROKEN_LOST_NS)); /* the broken twin */
    CHECK(!sleeps_over_ends(EPOLLIN, LOST_NS));
    an_end_wakes_the_one_who_waits();
    an_end_wakes_its_own_submitter();
    atomic_store(&ended, 0);
    CHECK(atomic_load(&wrong) == 0);
    none_is_lost();
    printf("ring_test: %d operations, none lost\n", SUBMITTERS * OPERATIONS);
    return 0;
}
