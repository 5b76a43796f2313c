/* The lives of descriptors, and how a close reaches a thread that waits on one. */
#define _GNU_SOURCE
#include "hooks.h"

typedef void (*fd_fn)(JNIEnv *, jclass, jobject);
typedef void (*int_fd_fn)(JNIEnv *, jclass, jint);

/* The number is dead from here on: a waiter that has not looked yet must see the new life. */
void oq_hook_preclose(JNIEnv *env, jclass type, jobject fdo) {
    oq_enter(env, OQ_S_PRECLOSE);
    int fd = oq_fdval(env, fdo);
    ORIGINAL(fd_fn, OQ_S_PRECLOSE)(env, type, fdo);
    oq_fd_new_life(fd);
}

void oq_hook_close(JNIEnv *env, jclass type, jobject fdo) {
    oq_enter(env, OQ_S_CLOSE);
    int fd = oq_fdval(env, fdo);
    oq_fd_close_begin(fd);
    ORIGINAL(fd_fn, OQ_S_CLOSE)(env, type, fdo);
    oq_fd_close_end(fd);
}

void oq_hook_close_int(JNIEnv *env, jclass type, jint fd) {
    oq_enter(env, OQ_S_CLOSE_INT);
    oq_fd_close_begin(fd);
    ORIGINAL(int_fd_fn, OQ_S_CLOSE_INT)(env, type, fd);
    oq_fd_close_end(fd);
}

/* FIFOs and devices are closed through java.io or sun.nio.fs, like any file. */
void oq_hook_close_io(JNIEnv *env, jobject fdo) {
    typedef void (*close_fn)(JNIEnv *, jobject);
    oq_enter(env, OQ_S_CLOSE_IO);
    int fd = oq_fdval(env, fdo);
    oq_fd_close_begin(fd);
    ORIGINAL(close_fn, OQ_S_CLOSE_IO)(env, fdo);
    oq_fd_close_end(fd);
}

void oq_hook_clean_io(JNIEnv *env, jclass type, jint fd, jlong handle) {
    typedef void (*clean_fn)(JNIEnv *, jclass, jint, jlong);
    oq_enter(env, OQ_S_CLEAN_IO);
    oq_fd_close_begin(fd);
    ORIGINAL(clean_fn, OQ_S_CLEAN_IO)(env, type, fd, handle);
    oq_fd_close_end(fd);
}

void oq_hook_close_fs(JNIEnv *env, jclass type, jint fd) {
    oq_enter(env, OQ_S_CLOSE_FS);
    oq_fd_close_begin(fd);
    ORIGINAL(int_fd_fn, OQ_S_CLOSE_FS)(env, type, fd);
    oq_fd_close_end(fd);
}

typedef void (*signal_fn)(JNIEnv *, jclass, jlong);

void oq_hook_signal(JNIEnv *env, jclass type, jlong thread) {
    struct oq_port *port = oq_enter(env, OQ_S_SIGNAL);
    struct oq_port *target = oq_port_of((pthread_t)thread);
    if (target != NULL && target->cell != NULL && port != NULL && oq_recording(port)) {
        oq_report_waker(env, target->cell);
    }
    if (!oq_signal((pthread_t)thread, &target)) {
        ORIGINAL(signal_fn, OQ_S_SIGNAL)(env, type, thread);
    }
}

typedef void (*blocking_fn)(JNIEnv *, jclass, jobject, jboolean);

void oq_hook_blocking(JNIEnv *env, jclass type, jobject fdo, jboolean blocking) {
    oq_enter(env, OQ_S_BLOCKING);
    ORIGINAL(blocking_fn, OQ_S_BLOCKING)(env, type, fdo, blocking);
    struct oq_fd *entry = oq_fd_of(oq_fdval(env, fdo));
    if (entry != NULL) atomic_store(&entry->blocking, OQ_MODE_UNKNOWN);
}

typedef jint (*socket_fn)(JNIEnv *, jclass, jboolean, jboolean, jboolean, jboolean);

jint oq_hook_socket(JNIEnv *env, jclass type, jboolean prefer6, jboolean stream, jboolean reuse,
                    jboolean fast_loopback) {
    oq_enter(env, OQ_S_SOCKET);
    jint fd = ORIGINAL(socket_fn, OQ_S_SOCKET)(env, type, prefer6, stream, reuse, fast_loopback);
    oq_fd_new_life(fd);
    return fd;
}

typedef jint (*make_fn)(JNIEnv *, jclass);

jint oq_hook_socket_unix(JNIEnv *env, jclass type) {
    oq_enter(env, OQ_S_SOCKET_UNIX);
    jint fd = ORIGINAL(make_fn, OQ_S_SOCKET_UNIX)(env, type);
    oq_fd_new_life(fd);
    return fd;
}

jint oq_hook_epoll_create(JNIEnv *env, jclass type) {
    oq_enter(env, OQ_S_EPOLL_CREATE);
    jint fd = ORIGINAL(make_fn, OQ_S_EPOLL_CREATE)(env, type);
    oq_fd_new_life(fd);
    oq_selector_born(fd);
    return fd;
}

typedef jlong (*pipe_fn)(JNIEnv *, jclass, jboolean);

jlong oq_hook_pipe(JNIEnv *env, jclass type, jboolean blocking) {
    oq_enter(env, OQ_S_PIPE);
    jlong both = ORIGINAL(pipe_fn, OQ_S_PIPE)(env, type, blocking);
    oq_fd_new_life((int)(both >> 32));
    oq_fd_new_life((int)both);
    return both;
}
