/* Up-calls to onequeue.event.Recorder. Only while a recording runs; nothing here is on a hot path. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vm.h"

jobject oq_current_thread_ref(JNIEnv *env) {
    jobject thread = oq_thread_now(env, oq_vm.current_thread);
    jobject ref = thread == NULL ? NULL : (*env)->NewWeakGlobalRef(env, thread);
    if (thread != NULL) (*env)->DeleteLocalRef(env, thread);
    return ref;
}

/* Whoever exchanges the reference out of its slot owns it, so it is deleted once. */
static void put_ref(JNIEnv *env, _Atomic(void *) *slot, void *ref) {
    void *old = atomic_exchange(slot, ref);
    if (old != NULL) (*env)->DeleteWeakGlobalRef(env, old);
}

void oq_forget_ref(JNIEnv *env, _Atomic(void *) *slot) {
    if (atomic_load_explicit(slot, memory_order_relaxed) != NULL) put_ref(env, slot, NULL);
}

void oq_report_waker(JNIEnv *env, struct oq_cell *cell) {
    if ((*env)->ExceptionCheck(env)) return;
    put_ref(env, &cell->waker, oq_current_thread_ref(env));
    atomic_store(&cell->woken_ns, oq_now_ns());
}

/* The peer of a connected socket, the own address of any other. */
void oq_report_address(struct oq_report *report) {
    report->address_size = sizeof report->address;
    if (report->fd < 0) {
        report->address_size = 0;
    } else if (getpeername(report->fd, &report->address.any, &report->address_size) != 0) {
        report->address_size = sizeof report->address;
        if (getsockname(report->fd, &report->address.any, &report->address_size) != 0) {
            report->address_size = 0;
        }
    }
}

static bool on_descriptor(enum oq_kind kind) { return kind != OQ_PARK && kind != OQ_SLEEP; }

void oq_report_begin(JNIEnv *env, struct oq_port *port, struct oq_report *report, enum oq_kind kind,
                     int fd, int64_t timeout_ns) {
    if (!oq_recording(port) || oq_vm.recorder == NULL) return;
    oq_forget_ref(env, &port->cell->waker);
    report->open = true;
    report->fd = fd;
    report->kind = kind == OQ_PARK && port->idle_depth > 0 ? OQ_IDLE : kind;
    report->outer = port->outer_depth > 0;
    report->event = NULL;
    report->name = NULL;
    if (report->outer) return;
    if (on_descriptor(kind)) oq_report_address(report);
    port->reporting = true;
    jthrowable pending = (*env)->ExceptionOccurred(env);
    if (pending != NULL) (*env)->ExceptionClear(env);
    report->event = (*env)->CallStaticObjectMethod(env, oq_vm.recorder, oq_vm.recorder_begin,
                                                   (jint)report->kind, (jint)fd, (jlong)timeout_ns);
    if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
    if (pending != NULL) (*env)->Throw(env, pending);
    port->reporting = false;
}

void oq_report_end(JNIEnv *env, struct oq_port *port, struct oq_report *report,
                   enum oq_outcome outcome, int batch) {
    if (!report->open) return;
    int64_t now_ns = oq_now_ns();
    void *waker = atomic_exchange(&port->cell->waker, NULL);
    int64_t delay_ns = waker == NULL ? -1 : now_ns - atomic_load(&port->cell->woken_ns);
    if (outcome == OQ_SPURIOUS && waker != NULL) outcome = OQ_UNPARKED;
    if (report->outer) {
        if (port->outer_waker != NULL) (*env)->DeleteWeakGlobalRef(env, port->outer_waker);
        port->outer_waker = waker;
        port->outer_waits++;
        port->outer_outcome = outcome;
        port->outer_delay_ns = delay_ns;
        return;
    }
    port->reporting = true;
    jthrowable pending = (*env)->ExceptionOccurred(env);
    if (pending != NULL) (*env)->ExceptionClear(env);
    jobject who = waker == NULL ? NULL : (*env)->NewLocalRef(env, waker);
    if (waker != NULL) (*env)->DeleteWeakGlobalRef(env, waker);
    if (report->event != NULL) {
        (*env)->CallStaticVoidMethod(env, oq_vm.recorder, oq_vm.recorder_end, report->event,
                                     (jint)outcome, who, (jlong)delay_ns, (jint)batch,
                                     (jlong)(intptr_t)report);
        if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
        (*env)->DeleteLocalRef(env, report->event);
    }
    if (who != NULL) (*env)->DeleteLocalRef(env, who);
    if (pending != NULL) (*env)->Throw(env, pending);
    port->reporting = false;
}

static int describe_unix(const struct oq_report *report, char *out, size_t size) {
    size_t path = report->address_size - offsetof(struct sockaddr_un, sun_path);
    if (report->address_size <= offsetof(struct sockaddr_un, sun_path)) path = 0;
    return snprintf(out, size, "unix:%.*s", (int)path, report->address.un.sun_path);
}

static int describe_inet6(const struct oq_report *report, char *out, size_t size) {
    char host[INET6_ADDRSTRLEN] = "";
    const struct in6_addr *at = &report->address.in6.sin6_addr;
    int port = ntohs(report->address.in6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(at)) {
        inet_ntop(AF_INET, (const char *)at + 12, host, sizeof host);
        return snprintf(out, size, "%s:%d", host, port);
    }
    inet_ntop(AF_INET6, at, host, sizeof host);
    return snprintf(out, size, "[%s]:%d", host, port);
}

static int describe_path(const struct oq_report *report, char *out, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", report->fd);
    return (int)readlink(link, out, size);
}

int oq_report_describe(const struct oq_report *report, char *out, size_t size) {
    if (report->name != NULL) return snprintf(out, size, "%s", report->name);
    if (report->fd < 0) return 0;
    if (report->address_size == 0) return describe_path(report, out, size);
    switch (report->address.any.sa_family) {
    case AF_UNIX:
        return describe_unix(report, out, size);
    case AF_INET6:
        return describe_inet6(report, out, size);
    case AF_INET: {
        char host[INET_ADDRSTRLEN] = "";
        inet_ntop(AF_INET, &report->address.in.sin_addr, host, sizeof host);
        return snprintf(out, size, "%s:%d", host, ntohs(report->address.in.sin_port));
    }
    default:
        return describe_path(report, out, size);
    }
}
