/* What the C tests share: a check that names itself, and trials of two racing threads. */
#ifndef OQ_TEST_H
#define OQ_TEST_H

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "queue.h"

#define CHECK(what)                                                             \
    do {                                                                        \
        if (!(what)) {                                                          \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what);  \
            exit(1);                                                            \
        }                                                                       \
    } while (0)

#define TRIALS 20000
#define LOST_NS (5 * OQ_NS_PER_S)         /* nobody waits that long for a wake-up that is coming */
#define BROKEN_LOST_NS (50 * OQ_NS_PER_MS) /* the broken twin's loss need not be waited for */

/* Something between nothing and some microseconds, another amount in each trial. */
static inline void dither(unsigned trial) {
    for (volatile unsigned i = (trial * 2654435761u) % 997; i > 0; i--) {
    }
}

/* Holds a broken twin's window open until the other side has come through it, or has not come. */
#define LINGER_UNTIL(came)                                                      \
    do {                                                                        \
        int64_t enough_ns = oq_now_ns() + 20 * OQ_NS_PER_MS;                    \
        while (!(came) && oq_now_ns() < enough_ns) sched_yield();               \
    } while (0)

struct race {
    void (*wait_side)(unsigned trial, int64_t deadline_ns); /* sets `lost` when nobody came */
    void (*wake_side)(unsigned trial);
    unsigned trials;
    int64_t patience_ns;
    unsigned lost;
    pthread_barrier_t start;
};

static struct race *running;

static inline void *race_waker(void *unused) {
    (void)unused;
    for (unsigned i = 0; i < running->trials; i++) {
        pthread_barrier_wait(&running->start);
        dither(i);
        running->wake_side(i);
        pthread_barrier_wait(&running->start);
    }
    return NULL;
}

/* Runs the race on the calling thread and one more; returns how many wake-ups were lost. */
static inline unsigned run_race(struct race *race) {
    pthread_t waker;
    running = race;
    race->lost = 0;
    CHECK(pthread_barrier_init(&race->start, NULL, 2) == 0);
    CHECK(pthread_create(&waker, NULL, race_waker, NULL) == 0);
    for (unsigned i = 0; i < race->trials; i++) {
        pthread_barrier_wait(&race->start);
        dither(i * 7);
        race->wait_side(i, oq_now_ns() + race->patience_ns);
        pthread_barrier_wait(&race->start);
    }
    pthread_join(waker, NULL);
    pthread_barrier_destroy(&race->start);
    return race->lost;
}

static inline struct oq_port *open_queue(void) {
    CHECK(oq_queue_open(OQ_UNIFY, true) == 0);
    struct oq_port *port = oq_port_take();
    CHECK(port != NULL && oq_port_open(port));
    oq_port_register(port);
    return port;
}

#endif
