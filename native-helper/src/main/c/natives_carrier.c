/* The natives for carriers: Java runs the loop, these are its calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm.h"

jboolean oq_native_carriers_open(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return oq.carrier_fd >= 0 || oq_carrier_open() == 0;
}

jlong oq_native_table(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jlong)(intptr_t)oq.fds;
}

jint oq_native_table_size(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jint)oq.fds_max;
}

jint oq_native_watch(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    return oq_carrier_watch(fd);
}

jboolean oq_native_is_broken(JNIEnv *env, jclass self, jint fd) {
    (void)env, (void)self;
    struct pollfd p = {.fd = fd};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)) != 0;
}

jint oq_native_look(JNIEnv *env, jclass self, jlong out, jint max, jlong deadline_ns) {
    (void)self;
    bool waits = deadline_ns != 0;
    if (waits && oq_over()) oq_park_for_good(env);
    jint n = oq_carrier_look((int64_t *)(intptr_t)out, max, deadline_ns);
    if (waits && oq_over()) oq_park_for_good(env);
    return n;
}

jint oq_native_open_ring(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return oq_ring_open();
}

jbyteArray oq_native_ring_trouble(JNIEnv *env, jclass self) {
    (void)self;
    const char *text = oq_ring_trouble();
    jsize n = text == NULL ? 0 : (jsize)strlen(text);
    jbyteArray bytes = text == NULL ? NULL : (*env)->NewByteArray(env, n);
    if (bytes != NULL) (*env)->SetByteArrayRegion(env, bytes, 0, n, (const jbyte *)text);
    return bytes;
}

jint oq_native_submit(JNIEnv *env, jclass self, jint tag, jint what, jint fd, jlong address,
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

void oq_native_kick_carriers(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    oq_carrier_kick();
}

/* Marks the calling thread as a carrier; its port, for rouse, or 0. */
jlong oq_native_carrier(JNIEnv *env, jclass self) {
    (void)self;
    struct oq_port *port = oq_look_in(env);
    if (port == NULL) return 0;
    port->carrier = 1;
    port->tid = (int32_t)syscall(SYS_gettid);
    return oq_port_open(port) ? (jlong)(intptr_t)port : 0;
}

jboolean oq_native_rest(JNIEnv *env, jclass self, jlong deadline_ns) {
    (void)self;
    if (oq_over()) oq_park_for_good(env);
    bool roused = oq_port_wait(oq_tls_port, false, deadline_ns) != -ETIMEDOUT;
    if (oq_over()) oq_park_for_good(env);
    return roused;
}

/* For who comes to the carrier port once all have looked up: its kick stays there until then. */
void oq_native_leave(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    oq_ports_leave();
    if (oq.carrier_fd >= 0) oq_carrier_kick();
}

/*
 * CPU time that is left on this machine since its start, in ns: what all processors spent idle or on
 * processes that gave way (nice). -1 when the kernel does not tell.
 */
jlong oq_native_spare_cpu(JNIEnv *env, jclass self) {
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
jlong oq_native_carrier_calls(JNIEnv *env, jclass self) {
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
jlong oq_native_run_delay(JNIEnv *env, jclass self, jlong port) {
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

void oq_native_rouse(JNIEnv *env, jclass self, jlong port) {
    (void)env, (void)self;
    oq_port_kick((struct oq_port *)(intptr_t)port);
}
