/* The natives of onequeue.queue.Native: those of the queue itself, and where all of them are named. */
#include <errno.h>

#include "vm.h"

static uint64_t fired(int seam) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < oq.page->ports_made; i++) {
        sum += ((struct oq_port *)((char *)oq.ports + (size_t)i * OQ_PORT_SIZE))->fired[seam];
    }
    return sum;
}

static jlong native_fired(JNIEnv *env, jclass self, jint seam) {
    (void)env, (void)self;
    return seam < 0 || seam >= OQ_S_COUNT ? 0 : (jlong)fired(seam);
}

static jlong native_waits(JNIEnv *env, jclass self, jint kind) {
    (void)env, (void)self;
    uint64_t sum = 0;
    for (uint32_t i = 0; kind >= 0 && kind < OQ_KINDS && i < oq.page->ports_made; i++) {
        sum += ((struct oq_port *)((char *)oq.ports + (size_t)i * OQ_PORT_SIZE))->waits[kind];
    }
    return (jlong)sum;
}

struct oq_port *oq_look_in(JNIEnv *env) {
    struct oq_port *port = oq_enter(env, OQ_S_PARK);
    if (port != NULL) port->fired[OQ_S_PARK]--; /* it was no park */
    return port;
}

static void native_waited(JNIEnv *env, jclass self, jint kind) {
    (void)self;
    struct oq_port *port = oq_look_in(env);
    if (port != NULL && kind >= 0 && kind < OQ_KINDS) port->waits[kind]++;
}

static jlong native_figure(JNIEnv *env, jclass self, jint which) {
    (void)env, (void)self;
    switch (which) {
    case 0: return oq.page->ports_open;
    case 1: return oq.page->port_budget;
    case 2: return oq.page->selectors;
    case 3: return (jlong)oq.page->over_budget;
    case 4: return (jlong)oq.page->rebuilt;
    case 5: return oq_sample();
    default: return 0;
    }
}

static void native_text(JNIEnv *env, jclass self, jbyteArray text) {
    (void)self;
    jsize n = (*env)->GetArrayLength(env, text);
    if (n > OQ_PAGE_TEXT_MAX - 1) n = OQ_PAGE_TEXT_MAX - 1;
    jbyte *at = (jbyte *)oq.page + OQ_PAGE_TEXT;
    (*env)->GetByteArrayRegion(env, text, 0, n, at);
    at[n] = 0;
}

static jboolean native_recorder(JNIEnv *env, jclass self, jclass recorder) {
    (void)self;
    oq_vm.recorder_begin =
        (*env)->GetStaticMethodID(env, recorder, "begin", "(IIJ)Ljava/lang/Object;");
    if (oq_vm.recorder_begin == NULL) return JNI_FALSE;
    oq_vm.recorder_end = (*env)->GetStaticMethodID(env, recorder, "end",
                                                   "(Ljava/lang/Object;ILjava/lang/Thread;JIJ)V");
    if (oq_vm.recorder_end == NULL) return JNI_FALSE;
    oq_vm.recorder_connecting = (*env)->GetStaticMethodID(env, recorder, "connecting",
                                                          "(ILjava/net/InetAddress;I)V");
    if (oq_vm.recorder_connecting == NULL) return JNI_FALSE;
    oq_vm.recorder = (*env)->NewGlobalRef(env, recorder);
    return oq_vm.recorder != NULL;
}

static void native_recording(JNIEnv *env, jclass self, jboolean on, jboolean stock_park,
                             jboolean stock_sleep) {
    (void)env, (void)self;
    atomic_store(&oq.stock_park, stock_park);
    atomic_store(&oq.stock_sleep, stock_sleep);
    atomic_store(&oq.recording, on);
    oq.page->recording = on;
}

static void native_answer_reads(JNIEnv *env, jclass self, jboolean on) {
    (void)env, (void)self;
    atomic_store(&oq.answers, on);
}

static jbyteArray native_resource(JNIEnv *env, jclass self, jlong report) {
    (void)self;
    char text[4200];
    int n = oq_report_describe((const struct oq_report *)(intptr_t)report, text, sizeof text);
    if (n < 0) n = 0;
    if (n > (int)sizeof text) n = sizeof text;
    jbyteArray bytes = (*env)->NewByteArray(env, n);
    if (bytes != NULL) (*env)->SetByteArrayRegion(env, bytes, 0, n, (const jbyte *)text);
    return bytes;
}

static jint native_kind_of(JNIEnv *env, jclass self, jint fd, jint events) {
    (void)env, (void)self;
    return (jint)oq_kind_of(fd, (short)events);
}

static jbyteArray native_describe(JNIEnv *env, jclass self, jint fd) {
    struct oq_report report = {.fd = fd};
    oq_report_address(&report);
    return native_resource(env, self, (jlong)(intptr_t)&report);
}

static jint native_descriptor(JNIEnv *env, jclass self, jlong report) {
    (void)env, (void)self;
    return ((const struct oq_report *)(intptr_t)report)->fd;
}

static void native_idle(JNIEnv *env, jclass self, jint change) {
    (void)self;
    struct oq_port *port = oq_look_in(env);
    if (port != NULL) port->idle_depth += (uint32_t)change;
}

static void native_enter_outer(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = oq_look_in(env);
    if (port != NULL && port->outer_depth++ == 0) port->outer_waits = 0;
}

/* Fills out[]: waits, outcome, delay_ns of the last; returns its waker or null. */
static jobject native_leave_outer(JNIEnv *env, jclass self, jlongArray out) {
    (void)self;
    struct oq_port *port = oq_tls_port;
    if (port == NULL || port->outer_depth == 0) return NULL;
    port->outer_depth--;
    jlong values[3] = {port->outer_waits, port->outer_outcome, port->outer_delay_ns};
    (*env)->SetLongArrayRegion(env, out, 0, 3, values);
    if (port->outer_waker == NULL) return NULL;
    jobject waker = (*env)->NewLocalRef(env, port->outer_waker);
    (*env)->DeleteWeakGlobalRef(env, port->outer_waker);
    port->outer_waker = NULL;
    return waker;
}

/* ---- processes ---- */

static jint native_watch_process(JNIEnv *env, jclass self, jlong pid) {
    (void)env, (void)self;
    return oq_process_watch((pid_t)pid);
}

static jint native_await_process(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = oq_look_in(env);
    int fd = oq_process_await();
    if (port != NULL) port->waits[OQ_PROCESS]++;
    return fd;
}

static void native_forget_process(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    oq_process_forget(fd);
}

static const JNINativeMethod natives[] = {
    {"bind0",
     "(ILjava/lang/Class;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Z)I", oq_native_bind},
    {"callOnce",
     "(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;"
     "Ljava/io/FileDescriptor;Z)V",
     oq_native_call_once},
    {"fired", "(I)J", native_fired},
    {"waits", "(I)J", native_waits},
    {"waited", "(I)V", native_waited},
    {"figure", "(I)J", native_figure},
    {"text", "([B)V", native_text},
    {"recorder", "(Ljava/lang/Class;)Z", native_recorder},
    {"recording", "(ZZZ)V", native_recording},
    {"answerReads", "(Z)V", native_answer_reads},
    {"resource", "(J)[B", native_resource},
    {"descriptor", "(J)I", native_descriptor},
    {"kindOf", "(II)I", native_kind_of},
    {"describe", "(I)[B", native_describe},
    {"idle", "(I)V", native_idle},
    {"enterOuter", "()V", native_enter_outer},
    {"leaveOuter", "([J)Ljava/lang/Thread;", native_leave_outer},
    {"stopTransitionNotices", "()I", oq_native_stop_transition_notices},
    {"openCarrierPort", "()Z", oq_native_carriers_open},
    {"table", "()J", oq_native_table},
    {"tableSize", "()I", oq_native_table_size},
    {"watch", "(I)I", oq_native_watch},
    {"isBroken", "(I)Z", oq_native_is_broken},
    {"look", "(JIJ)I", oq_native_look},
    {"openRing", "()I", oq_native_open_ring},
    {"ringTrouble", "()[B", oq_native_ring_trouble},
    {"submit", "(IIIJIJ)I", oq_native_submit},
    {"kickCarriers", "()V", oq_native_kick_carriers},
    {"carrier", "()J", oq_native_carrier},
    {"rest", "(J)Z", oq_native_rest},
    {"rouse", "(J)V", oq_native_rouse},
    {"leave", "()V", oq_native_leave},
    {"fileHow", "(I)I", oq_native_file_how},
    {"tryRead", "(IJIJ)I", oq_native_try_read},
    {"tryReadv", "(IJI)J", oq_native_try_readv},
    {"tryWrite", "(IJI)I", oq_native_try_write},
    {"tryReadBytes", "(I[BII)I", oq_native_try_read_bytes},
    {"tryWriteBytes", "(I[BII)I", oq_native_try_write_bytes},
    {"seek", "(IJ)J", oq_native_seek},
    {"setErrno", "(I)V", oq_native_set_errno},
    {"duplicate", "(I)I", oq_native_duplicate},
    {"closeDuplicate", "(I)V", oq_native_close_duplicate},
    {"openWatcher", "()I", oq_native_open_watcher},
    {"joinWatcher", "(II)I", oq_native_join_watcher},
    {"lookAtWatcher", "(I)I", oq_native_look_at_watcher},
    {"closeWatcher", "(I)V", oq_native_close_watcher},
    {"spareCpu", "()J", oq_native_spare_cpu},
    {"runDelay", "(J)J", oq_native_run_delay},
    {"carrierCalls", "()J", oq_native_carrier_calls},
    {"watchProcess", "(J)I", native_watch_process},
    {"awaitProcess", "()I", native_await_process},
    {"forgetProcess", "(I)V", native_forget_process},
};

int oq_natives_bind(JNIEnv *env, jclass native_class) {
    jint n = sizeof natives / sizeof *natives;
    return (*env)->RegisterNatives(env, native_class, natives, n) == JNI_OK ? 0 : -EINVAL;
}
