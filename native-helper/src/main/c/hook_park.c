/* Unsafe.park and unpark, Thread.sleep, Thread.interrupt0. */
#define _GNU_SOURCE
#include <time.h>

#include "hooks.h"

typedef void (*park_fn)(JNIEnv *, jobject, jboolean, jlong);
typedef void (*unpark_fn)(JNIEnv *, jobject, jobject);
typedef void (*sleep_fn)(JNIEnv *, jclass, jlong);
typedef void (*interrupt_fn)(JNIEnv *, jobject);

static int64_t wall_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * OQ_NS_PER_S + t.tv_nsec;
}

/* How long Unsafe.park(absolute, time) may wait: OQ_FOREVER, or nanoseconds; 0 is not at all. */
static int64_t park_timeout_ns(jboolean absolute, jlong time) {
    if (!absolute) return time == 0 ? OQ_FOREVER : time < 0 ? 0 : time;
    if (time <= 0) return 0;
    if (time > INT64_MAX / OQ_NS_PER_MS) return INT64_MAX / 2;
    int64_t left_ns = time * OQ_NS_PER_MS - wall_ns();
    return left_ns < 0 ? 0 : left_ns;
}

static int64_t deadline_of(int64_t timeout_ns) {
    if (timeout_ns == OQ_FOREVER) return OQ_FOREVER;
    int64_t now_ns = oq_now_ns();
    return timeout_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + timeout_ns;
}

static enum oq_outcome park_outcome(JNIEnv *env, jobject me, bool unparked, int64_t deadline_ns) {
    if (me != NULL && oq_interrupted(env, me)) return OQ_INTERRUPTED;
    if (unparked) return OQ_UNPARKED;
    return deadline_ns != OQ_FOREVER && oq_now_ns() >= deadline_ns ? OQ_TIMED_OUT : OQ_SPURIOUS;
}

static void observed_park(JNIEnv *env, struct oq_port *port, jobject self, jboolean absolute,
                          jlong time) {
    int64_t timeout_ns = park_timeout_ns(absolute, time);
    int64_t deadline_ns = deadline_of(timeout_ns);
    struct oq_report report = {0};
    jobject me = oq_me(env, port);
    port->waits[OQ_PARK]++;
    oq_report_begin(env, port, &report, OQ_PARK, -1, timeout_ns);
    ORIGINAL(park_fn, OQ_S_PARK)(env, self, absolute, time);
    oq_report_end(env, port, &report, park_outcome(env, me, false, deadline_ns), 1);
}

static void wait_at_port(JNIEnv *env, struct oq_port *port, jobject me, int64_t deadline_ns) {
    oq_set_status(env, me, deadline_ns == OQ_FOREVER ? OQ_STATUS_PARKED : OQ_STATUS_PARKED_TIMED);
    oq_park_wait(port->cell, port->number, port, deadline_ns);
    oq_set_status(env, me, OQ_STATUS_RUNNABLE);
}

static void unified_park(JNIEnv *env, struct oq_port *port, jobject self, jboolean absolute,
                         jlong time) {
    int64_t timeout_ns = park_timeout_ns(absolute, time);
    jobject me = oq_me(env, port);
    if (me == NULL) {
        ORIGINAL(park_fn, OQ_S_PARK)(env, self, absolute, time);
        return;
    }
    bool stock = atomic_load_explicit(&oq.stock_park, memory_order_relaxed) || oq_over()
                 || !oq_port_open(port);
    if (!oq_park_begin(port->cell, port->number, stock ? OQ_STOCK : OQ_WAITING)) return;
    if (timeout_ns == 0 || oq_interrupted(env, me)) {
        oq_park_end(port->cell, port->number);
        return;
    }
    int64_t deadline_ns = deadline_of(timeout_ns);
    struct oq_report report = {0};
    port->waits[port->idle_depth > 0 ? OQ_IDLE : OQ_PARK]++;
    /* A pinned virtual thread parks its carrier; its wait is reported from above. */
    if (oq_recording(port) && !port->carrier) {
        oq_report_begin(env, port, &report, OQ_PARK, -1, timeout_ns);
    }
    if (stock) {
        ORIGINAL(park_fn, OQ_S_PARK)(env, self, absolute, time);
    } else {
        wait_at_port(env, port, me, deadline_ns);
    }
    bool unparked = oq_park_end(port->cell, port->number);
    if (report.open) {
        oq_report_end(env, port, &report, park_outcome(env, me, unparked, deadline_ns), 1);
    }
}

void oq_hook_park(JNIEnv *env, jobject self, jboolean absolute, jlong time) {
    struct oq_port *port = oq_enter(env, OQ_S_PARK);
    if (port == NULL || (!oq_unify() && !oq_recording(port))) {
        ORIGINAL(park_fn, OQ_S_PARK)(env, self, absolute, time);
    } else if (!oq_unify()) {
        observed_park(env, port, self, absolute, time);
    } else {
        if (!atomic_load_explicit(&port->cell->routed, memory_order_relaxed)) {
            atomic_store(&port->cell->routed, 1);
        }
        if (oq_park_take(port->cell, port->number)) return;
        unified_park(env, port, self, absolute, time);
    }
}

/* True when the VM need not be told: the thread waits with us or not at all. */
static bool unpark(JNIEnv *env, struct oq_cell *cell, jobject thread) {
    uint64_t number = (uint64_t)(*env)->GetLongField(env, thread, oq_vm.tid);
    uint64_t displaced = 0;
    enum oq_permit found = oq_unpark(cell, number, &displaced);
    if (displaced != 0
        && (uintptr_t)(*env)->GetLongField(env, thread, oq_vm.eetop) != cell->key) {
        oq_unpark(cell, displaced, &displaced);
    }
    /* A thread that never parked with us may be in a VM park that began before we came. */
    return found != OQ_STOCK && atomic_load(&cell->routed);
}

void oq_park_for_good(JNIEnv *env) {
    park_fn park = ORIGINAL(park_fn, OQ_S_PARK);
    while (park != NULL) park(env, NULL, JNI_FALSE, 0);
}

void oq_hook_unpark(JNIEnv *env, jobject self, jobject thread) {
    struct oq_port *port = oq_enter(env, OQ_S_UNPARK);
    struct oq_cell *cell = NULL;
    if (thread != NULL && port != NULL && (oq_unify() || oq_recording(port))) {
        uintptr_t key = (uintptr_t)(*env)->GetLongField(env, thread, oq_vm.eetop);
        if (key == 0) return; /* not started, or ended: as stock, nothing to do */
        cell = oq_cell_of(key);
    }
    if (cell != NULL && oq_recording(port)) oq_report_waker(env, cell);
    if (cell != NULL && oq_unify() && unpark(env, cell, thread)) return;
    ORIGINAL(unpark_fn, OQ_S_UNPARK)(env, self, thread);
}

void oq_hook_interrupt(JNIEnv *env, jobject self) {
    struct oq_port *port = oq_enter(env, OQ_S_INTERRUPT);
    struct oq_cell *cell = port == NULL ? NULL : oq_cell_of_thread(env, self);
    if (cell != NULL && oq_recording(port)) oq_report_waker(env, cell);
    ORIGINAL(interrupt_fn, OQ_S_INTERRUPT)(env, self);
    if (cell == NULL || !oq_unify()) return;
    oq_rouse(cell);
    if (oq_original[OQ_S_UNPARK] == NULL) return; /* the user left park alone */
    /* As the VM does: an interrupt leaves a permit. The VM's own may have been used up by now. */
    if (!unpark(env, cell, self)) ORIGINAL(unpark_fn, OQ_S_UNPARK)(env, self, self);
}

/* ---- sleep: the VM's own function does all but the waiting, its exceptions included ---- */

static void slept(JNIEnv *env, struct oq_port *port, jobject me, struct oq_report *report,
                  bool roused) {
    if (report->open) {
        bool interrupted = roused || (*env)->ExceptionCheck(env) || oq_interrupted(env, me);
        oq_report_end(env, port, report, interrupted ? OQ_INTERRUPTED : OQ_TIMED_OUT, 1);
    }
}

static void observed_sleep(JNIEnv *env, struct oq_port *port, jclass type, jlong time,
                           int64_t timeout_ns) {
    struct oq_report report = {0};
    jobject me = oq_me(env, port);
    port->waits[OQ_SLEEP]++;
    oq_report_begin(env, port, &report, OQ_SLEEP, -1, timeout_ns);
    ORIGINAL(sleep_fn, OQ_S_SLEEP)(env, type, time);
    if (me != NULL) slept(env, port, me, &report, false);
}

static void unified_sleep(JNIEnv *env, struct oq_port *port, jobject me, jclass type, jlong time,
                          int64_t timeout_ns) {
    struct oq_cell *cell = port->cell;
    int64_t deadline_ns = deadline_of(timeout_ns);
    struct oq_report report = {0};
    port->waits[OQ_SLEEP]++;
    atomic_store(&cell->sleep, OQ_ASLEEP);
    if (oq_interrupted(env, me)) {
        atomic_store(&cell->sleep, OQ_AWAKE);
        ORIGINAL(sleep_fn, OQ_S_SLEEP)(env, type, time);
        return;
    }
    if (oq_recording(port)) oq_report_begin(env, port, &report, OQ_SLEEP, -1, timeout_ns);
    oq_set_status(env, me, OQ_STATUS_SLEEPING);
    bool roused = oq_sleep_wait(cell, port, deadline_ns);
    oq_set_status(env, me, OQ_STATUS_RUNNABLE);
    slept(env, port, me, &report, roused);
    if (roused || oq_interrupted(env, me) || oq_over()) {
        int64_t unit_ns = timeout_ns == time ? 1 : OQ_NS_PER_MS;
        int64_t left = (deadline_ns - oq_now_ns() + unit_ns - 1) / unit_ns;
        ORIGINAL(sleep_fn, OQ_S_SLEEP)(env, type, left > 0 ? left : 1);
    }
}

static void sleep_ns(JNIEnv *env, jclass type, jlong time, int64_t timeout_ns) {
    struct oq_port *port = oq_enter(env, OQ_S_SLEEP);
    bool stock = port == NULL || time <= 0
                 || atomic_load_explicit(&oq.stock_sleep, memory_order_relaxed) || oq_over();
    jobject me = NULL;
    if (!stock && oq_unify() && oq_port_open(port) && (me = oq_me(env, port)) != NULL) {
        unified_sleep(env, port, me, type, time, timeout_ns);
    } else if (port != NULL && time > 0 && oq_recording(port)) {
        observed_sleep(env, port, type, time, timeout_ns);
    } else {
        ORIGINAL(sleep_fn, OQ_S_SLEEP)(env, type, time);
    }
}

/* JDK 17: Thread.sleep(long millis) */
void oq_hook_sleep_ms(JNIEnv *env, jclass type, jlong millis) {
    int64_t most = INT64_MAX / 2 / OQ_NS_PER_MS;
    sleep_ns(env, type, millis, (millis > most ? most : millis) * OQ_NS_PER_MS);
}

/* JDK 22 and later: Thread.sleepNanos0(long nanos) */
void oq_hook_sleep_ns(JNIEnv *env, jclass type, jlong nanos) { sleep_ns(env, type, nanos, nanos); }
