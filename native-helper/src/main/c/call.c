/* Calls for which epoll knows no readiness: the call itself is the wait. */
#define _GNU_SOURCE
#include <sys/resource.h>

#include "hooks.h"

/* How often the calling thread gave up its core to wait. */
static long times_blocked(void) {
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

void oq_call_begin(JNIEnv *env, struct oq_port *port, struct oq_call *call, enum oq_kind kind,
                   int fd) {
    if (!oq_recording(port)) return;
    call->blocked_before = times_blocked();
    oq_report_begin(env, port, &call->report, kind, fd, OQ_FOREVER);
}

void oq_call_end(JNIEnv *env, struct oq_port *port, struct oq_call *call, enum oq_outcome outcome) {
    if (!call->report.open) return;
    if (times_blocked() == call->blocked_before) { /* no wait, no event */
        if (call->report.event != NULL) (*env)->DeleteLocalRef(env, call->report.event);
        return;
    }
    port->waits[call->report.kind]++;
    oq_report_end(env, port, &call->report, outcome, 1);
}
