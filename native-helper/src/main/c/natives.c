/* The natives of onequeue.queue.Native, and the start of it all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* The calling thread's port, made here if this is its first call of ours; NULL past all budgets. */
static struct oq_port *look_in(JNIEnv *env) {
    struct oq_port *port = oq_enter(env, OQ_S_PARK);
    if (port != NULL) port->fired[OQ_S_PARK]--; /* it was no park */
    return port;
}

static void native_waited(JNIEnv *env, jclass self, jint kind) {
    (void)self;
    struct oq_port *port = look_in(env);
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
    struct oq_port *port = look_in(env);
    if (port != NULL) port->idle_depth += (uint32_t)change;
}

static void native_enter_outer(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = look_in(env);
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

/* ---- carriers: Java runs the loop, these are its calls ---- */

static jboolean native_carriers_open(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return oq.carrier_fd >= 0 || oq_carrier_open() == 0;
}

static jlong native_table(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jlong)(intptr_t)oq.fds;
}

static jint native_table_size(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jint)oq.fds_max;
}

static jint native_watch(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    return oq_carrier_watch(fd);
}

static jboolean native_is_broken(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    struct pollfd p = {.fd = fd};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)) != 0;
}

static jint native_look(JNIEnv *env, jclass self, jlong out, jint max, jlong deadline_ns) {
    (void)env, (void)self;
    return oq_carrier_look((int64_t *)(intptr_t)out, max, deadline_ns);
}

static jint native_open_ring(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return oq_ring_open();
}

static jbyteArray native_ring_trouble(JNIEnv *env, jclass self) {
    (void)self;
    const char *text = oq_ring_trouble();
    jsize n = text == NULL ? 0 : (jsize)strlen(text);
    jbyteArray bytes = text == NULL ? NULL : (*env)->NewByteArray(env, n);
    if (bytes != NULL) (*env)->SetByteArrayRegion(env, bytes, 0, n, (const jbyte *)text);
    return bytes;
}

static jint native_submit(JNIEnv *env, jclass self, jint tag, jint what, jint fd, jlong address,
                          jint count, jlong at) {
    (void)env, (void)self;
    struct oq_ring_op op = {.what = (enum oq_ring_what)what,
                            .tag = (uint32_t)tag,
                            .fd = fd,
                            .count = (uint32_t)count,
                            .address = (uint64_t)address,
                            .at = at};
    return oq_ring_submit(&op);
}

static void native_kick_carriers(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    oq_carrier_kick();
}

/* Marks the calling thread as a carrier; its port, for rouse, or 0. */
static jlong native_carrier(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = look_in(env);
    if (port == NULL) return 0;
    port->carrier = 1;
    port->tid = (int32_t)syscall(SYS_gettid);
    return oq_port_open(port) ? (jlong)(intptr_t)port : 0;
}

static jboolean native_rest(JNIEnv *env, jclass self, jlong deadline_ns) {
    (void)env, (void)self;
    return oq_port_wait(oq_tls_port, false, deadline_ns) != -ETIMEDOUT;
}

/*
 * CPU time that is left on this machine since its start, in ns: what all processors spent idle or on
 * processes that gave way (nice). -1 when the kernel does not tell.
 */
static jlong native_spare_cpu(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    char text[256];
    int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n <= 0) return -1;
    text[n] = 0;
    long long nice, idle, iowait;
    if (sscanf(text, "cpu %*d %lld %*d %lld %lld", &nice, &idle, &iowait) != 3) return -1;
    return (nice + idle + iowait) * (OQ_NS_PER_S / sysconf(_SC_CLK_TCK));
}

/* Calls of carriers that move data. What carriers that have ended called is lost with them. */
static jlong native_carrier_calls(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < oq.page->ports_made; i++) {
        struct oq_port *port = (struct oq_port *)((char *)oq.ports + (size_t)i * OQ_PORT_SIZE);
        for (int seam = OQ_S_READ; port->carrier && seam <= OQ_S_FILE_TRANSFER; seam++) {
            sum += port->fired[seam];
        }
    }
    return (jlong)sum;
}

/* How long the carrier with that port was runnable but not running, so far, in ns; or -1. */
static jlong native_run_delay(JNIEnv *env, jclass self, jlong port) {
    (void)env, (void)self;
    char name[64], text[128];
    snprintf(name, sizeof name, "/proc/self/task/%d/schedstat",
             ((struct oq_port *)(intptr_t)port)->tid);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n <= 0) return -1;
    text[n] = 0;
    long long delay;
    return sscanf(text, "%*d %lld", &delay) == 1 ? delay : -1;
}

static void native_rouse(JNIEnv *env, jclass self, jlong port) {
    (void)env, (void)self;
    oq_port_kick((struct oq_port *)(intptr_t)port);
}

/* ---- processes ---- */

static jint native_watch_process(JNIEnv *env, jclass self, jlong pid) {
    (void)env, (void)self;
    return oq_process_watch((pid_t)pid);
}

static jint native_await_process(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = look_in(env);
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
    {"openCarrierPort", "()Z", native_carriers_open},
    {"table", "()J", native_table},
    {"tableSize", "()I", native_table_size},
    {"watch", "(I)I", native_watch},
    {"isBroken", "(I)Z", native_is_broken},
    {"look", "(JIJ)I", native_look},
    {"openRing", "()I", native_open_ring},
    {"ringTrouble", "()[B", native_ring_trouble},
    {"submit", "(IIIJIJ)I", native_submit},
    {"kickCarriers", "()V", native_kick_carriers},
    {"carrier", "()J", native_carrier},
    {"rest", "(J)Z", native_rest},
    {"rouse", "(J)V", native_rouse},
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
    {"spareCpu", "()J", native_spare_cpu},
    {"runDelay", "(J)J", native_run_delay},
    {"carrierCalls", "()J", native_carrier_calls},
    {"watchProcess", "(J)I", native_watch_process},
    {"awaitProcess", "()I", native_await_process},
    {"forgetProcess", "(I)V", native_forget_process},
};

int oq_natives_bind(JNIEnv *env, jclass native_class) {
    jint n = sizeof natives / sizeof *natives;
    return (*env)->RegisterNatives(env, native_class, natives, n) == JNI_OK ? 0 : -EINVAL;
}

/* ---- attach ---- */

static jclass global_class(JNIEnv *env, const char *name) {
    jclass local = (*env)->FindClass(env, name);
    return local == NULL ? NULL : (*env)->NewGlobalRef(env, local);
}

static bool thread_ids(JNIEnv *env) {
    struct oq_vm *vm = &oq_vm;
    if ((vm->thread_class = global_class(env, "java/lang/Thread")) == NULL) return false;
    vm->current_thread = (*env)->GetStaticMethodID(env, vm->thread_class, "currentThread",
                                                   "()Ljava/lang/Thread;");
    vm->eetop = (*env)->GetFieldID(env, vm->thread_class, "eetop", "J");
    vm->tid = (*env)->GetFieldID(env, vm->thread_class, "tid", "J");
    vm->interrupted = (*env)->GetFieldID(env, vm->thread_class, "interrupted", "Z");
    if ((*env)->ExceptionCheck(env)) return false;
    vm->current_carrier = (*env)->GetStaticMethodID(env, vm->thread_class, "currentCarrierThread",
                                                    "()Ljava/lang/Thread;");
    if (vm->current_carrier == NULL) { /* 17 has no carriers */
        (*env)->ExceptionClear(env);
        vm->current_carrier = vm->current_thread;
    }
    vm->status = (*env)->GetFieldID(env, vm->thread_class, "threadStatus", "I");
    if (vm->status != NULL) return true;
    (*env)->ExceptionClear(env);
    jclass holder = (*env)->FindClass(env, "java/lang/Thread$FieldHolder");
    if (holder == NULL) return false;
    vm->holder =
        (*env)->GetFieldID(env, vm->thread_class, "holder", "Ljava/lang/Thread$FieldHolder;");
    vm->status = (*env)->GetFieldID(env, holder, "threadStatus", "I");
    return vm->holder != NULL && vm->status != NULL;
}

static jfieldID descriptor_of(JNIEnv *env, const char *class_name) {
    jclass type = (*env)->FindClass(env, class_name);
    return type == NULL ? NULL
                        : (*env)->GetFieldID(env, type, "fd", "Ljava/io/FileDescriptor;");
}

static bool stream_ids(JNIEnv *env) {
    oq_vm.input_fd = descriptor_of(env, "java/io/FileInputStream");
    if (oq_vm.input_fd == NULL) return false;
    oq_vm.output_fd = descriptor_of(env, "java/io/FileOutputStream");
    if (oq_vm.output_fd == NULL) return false;
    oq_vm.random_fd = descriptor_of(env, "java/io/RandomAccessFile");
    return oq_vm.random_fd != NULL;
}

static bool other_ids(JNIEnv *env) {
    struct oq_vm *vm = &oq_vm;
    jclass fd = (*env)->FindClass(env, "java/io/FileDescriptor");
    if (fd == NULL || (vm->fd = (*env)->GetFieldID(env, fd, "fd", "I")) == NULL) return false;
    vm->io_exception = global_class(env, "java/io/IOException");
    vm->reset_exception = global_class(env, "sun/net/ConnectionResetException");
    if (vm->io_exception == NULL || vm->reset_exception == NULL) return false;
    const char *with_message = "(Ljava/lang/String;)V";
    vm->io_exception_new = (*env)->GetMethodID(env, vm->io_exception, "<init>", with_message);
    vm->reset_exception_new = (*env)->GetMethodID(env, vm->reset_exception, "<init>", with_message);
    return vm->io_exception_new != NULL && vm->reset_exception_new != NULL;
}

OQ_API int oq_attach(JNIEnv *env, jclass native_class, int mode, int no_pwait2) {
    if (oq.page != NULL) return -EALREADY;
    if (!thread_ids(env) || !other_ids(env) || !stream_ids(env)) {
        (*env)->ExceptionClear(env);
        return -ENOTSUP;
    }
    int r = oq_queue_open(mode, !no_pwait2);
    return r < 0 ? r : oq_natives_bind(env, native_class);
}

OQ_API int oq_abi(void) { return OQ_ABI; }
