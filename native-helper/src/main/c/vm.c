#define _GNU_SOURCE
#include "vm.h"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>

struct oq_vm oq_vm;
void *oq_original[OQ_S_COUNT];

jobject oq_thread_now(JNIEnv *env, jmethodID which) {
    jobject thread = (*env)->CallStaticObjectMethod(env, oq_vm.thread_class, which);
    /* It cannot throw, but -Xcheck:jni wants to see that somebody looked. */
    if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
    return thread;
}

/* Ties the port to the Thread that runs on this kernel thread now. */
static bool identify(JNIEnv *env, struct oq_port *port) {
    jobject thread = oq_thread_now(env, oq_vm.current_carrier);
    if (thread == NULL) return false;
    struct oq_cell *cell = oq_cell_of_thread(env, thread);
    if (cell == NULL) {
        (*env)->DeleteLocalRef(env, thread);
        return false;
    }
    if (port->thread != NULL) (*env)->DeleteWeakGlobalRef(env, port->thread);
    port->number = (uint64_t)(*env)->GetLongField(env, thread, oq_vm.tid);
    port->thread = (*env)->NewWeakGlobalRef(env, thread);
    (*env)->DeleteLocalRef(env, thread);
    port->cell = cell;
    atomic_store(&cell->sleep, OQ_AWAKE);
    atomic_store(&cell->port, port);
    oq_port_register(port);
    return true;
}

/* After these a thread knows no more of its connections than before; they look at dry_fd themselves. */
#define SEAM(seam) (UINT64_C(1) << (seam))
#define LEARNS_NOTHING                                                                              \
    (SEAM(OQ_S_READ) | SEAM(OQ_S_WRITE) | SEAM(OQ_S_WRITEV) | SEAM(OQ_S_FILE_WRITE)                 \
     | SEAM(OQ_S_FILE_WRITEV))

struct oq_port *oq_enter(JNIEnv *env, enum oq_seam seam) {
    struct oq_port *port = oq_tls_port;
    if (__builtin_expect(port == NULL, 0)) {
        port = oq_port_take();
        if (port == NULL) return NULL;
        identify(env, port);
    }
    port->fired[seam]++;
    if ((LEARNS_NOTHING & SEAM(seam)) == 0) port->dry_fd = -1;
    return port->cell == NULL ? NULL : port;
}

/*
 * A kernel thread of the application may leave the VM and come back as another Thread. The old
 * one's eetop is zero then, so a port never speaks for a Thread that is gone.
 */
jobject oq_me(JNIEnv *env, struct oq_port *port) {
    jobject thread = (*env)->NewLocalRef(env, port->thread);
    if (thread != NULL
        && (uintptr_t)(*env)->GetLongField(env, thread, oq_vm.eetop) == port->cell->key) {
        return thread;
    }
    if (thread != NULL) (*env)->DeleteLocalRef(env, thread);
    return identify(env, port) ? (*env)->NewLocalRef(env, port->thread) : NULL;
}

bool oq_interrupted(JNIEnv *env, jobject thread) {
    return (*env)->GetBooleanField(env, thread, oq_vm.interrupted);
}

void oq_set_status(JNIEnv *env, jobject thread, jint status) {
    if (oq_vm.status == NULL) return;
    if (oq_vm.holder == NULL) {
        (*env)->SetIntField(env, thread, oq_vm.status, status);
        return;
    }
    jobject holder = (*env)->GetObjectField(env, thread, oq_vm.holder);
    if (holder == NULL) return;
    (*env)->SetIntField(env, holder, oq_vm.status, status);
    (*env)->DeleteLocalRef(env, holder);
}

struct oq_cell *oq_cell_of_thread(JNIEnv *env, jobject thread) {
    uintptr_t key = (uintptr_t)(*env)->GetLongField(env, thread, oq_vm.eetop);
    return key == 0 ? NULL : oq_cell_of(key);
}

int oq_fdval(JNIEnv *env, jobject fdo) {
    return fdo == NULL ? -1 : (*env)->GetIntField(env, fdo, oq_vm.fd);
}

/* ---- one wait on a descriptor ---- */

static enum oq_await await_watched(struct oq_port *port, int64_t deadline_ns, uint32_t *ready) {
    for (;;) {
        if (atomic_load(&port->signal) == OQ_SIG_SIGNALLED) return OQ_AW_SIGNALLED;
        /* A rebuilt port, or one that dropped the registration, has to be told again. */
        if (port->watched_fd < 0) return OQ_AW_STOCK;
        int r = oq_port_wait(port, true, deadline_ns);
        if (r == -ETIMEDOUT) return OQ_AW_TIMEOUT;
        if (r > 0) {
            *ready = (uint32_t)r;
            return OQ_AW_READY;
        }
    }
}

enum oq_await oq_await_events(struct oq_port *port, int fd, uint32_t events, int64_t deadline_ns,
                              uint32_t *ready) {
    for (;;) {
        uint32_t gen = atomic_load(&oq_fd_of(fd)->gen);
        if (oq_port_watch(port, fd, gen, events) != 0) return OQ_AW_STOCK;
        enum oq_await r = await_watched(port, deadline_ns, ready);
        if (r != OQ_AW_STOCK) return r;
    }
}

static enum oq_outcome outcome_of(enum oq_await r) {
    return r == OQ_AW_READY ? OQ_READY : r == OQ_AW_TIMEOUT ? OQ_TIMED_OUT : OQ_CLOSED;
}

enum oq_await oq_await_fd(JNIEnv *env, struct oq_port *port, int fd, uint32_t events,
                          int64_t timeout_ns, enum oq_kind kind, uint32_t *ready) {
    int64_t deadline_ns = timeout_ns == OQ_FOREVER ? OQ_FOREVER : oq_now_ns() + timeout_ns;
    atomic_store(&port->signal, OQ_SIG_WAITING);
    enum oq_await r;
    if (!oq_recording(port)) {
        port->waits[kind]++;
        r = oq_await_events(port, fd, events, deadline_ns, ready);
    } else {
        r = oq_await_events(port, fd, events, 0, ready);
        if (r == OQ_AW_TIMEOUT) {
            struct oq_report report = {0};
            port->waits[kind]++;
            oq_report_begin(env, port, &report, kind, fd, timeout_ns);
            r = oq_await_events(port, fd, events, deadline_ns, ready);
            oq_report_end(env, port, &report, outcome_of(r), 1);
        }
    }
    if (atomic_exchange(&port->signal, OQ_SIG_IDLE) == OQ_SIG_SIGNALLED) return OQ_AW_SIGNALLED;
    return r;
}
