/*
 * The hooks, by the name of the native each stands for. Signatures are the JDK's.
 *
 * A hook waits where stock waits, inside the native, and then calls the original, which finds the
 * descriptor ready. (To answer "would block" and let the JDK's own loops come back through Net.poll
 * works too, but goes through Java three times a wait, and cannot serve pipes and files on JDK 17.)
 * What stock would be told by a signal, EINTR after a close, the hook answers as IOS_INTERRUPTED.
 *
 * While a recording runs, and only then, a hook calls up to Java at the begin and the end of a wait:
 * so there is one place that reports, for both modes, all kinds and both JDKs, and it needs no
 * advice in the methods above. Without a recording no hook calls up once its thread is known.
 */
#ifndef OQ_HOOKS_H
#define OQ_HOOKS_H

#include "vm.h"

/* hook_park.c */
void oq_hook_park(JNIEnv *env, jobject self, jboolean absolute, jlong time);
void oq_hook_unpark(JNIEnv *env, jobject self, jobject thread);
void oq_hook_interrupt(JNIEnv *env, jobject self);
void oq_hook_sleep_ms(JNIEnv *env, jclass type, jlong millis);
void oq_hook_sleep_ns(JNIEnv *env, jclass type, jlong nanos);

/* hook_select.c */
jint oq_hook_select(JNIEnv *env, jclass type, jint epfd, jlong address, jint max, jint timeout_ms);
jint oq_hook_epoll_ctl(JNIEnv *env, jclass type, jint epfd, jint op, jint fd, jint events);
jint oq_hook_eventfd_set(JNIEnv *env, jclass type, jint fd);

/* hook_watch.c */
jint oq_hook_watch(JNIEnv *env, jclass type, jint fd1, jint fd2);

/* hook_socket.c */
jint oq_hook_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jint oq_hook_dgram_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_dgram_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_pipe_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len,
                   enum oq_seam seam, bool vector);
jint oq_hook_receive(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong sender,
                     jboolean connected);
jint oq_hook_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_socket_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len,
                      enum oq_seam seam, bool vector);
jint oq_hook_send(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong target,
                  jint target_len);
jint oq_hook_dgram_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_dgram_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
/* hook_connect.c */
jint oq_hook_accept(JNIEnv *env, jclass type, jobject fdo, jobject newfdo, jobjectArray address);
jint oq_hook_accept_unix(JNIEnv *env, jclass type, jobject fdo, jobject newfdo,
                         jobjectArray address);
jint oq_hook_connect(JNIEnv *env, jclass type, jboolean prefer6, jobject fdo, jobject remote,
                     jint remote_port);
jint oq_hook_connect_unix(JNIEnv *env, jclass type, jobject fdo, jbyteArray path);
jint oq_hook_poll(JNIEnv *env, jclass type, jobject fdo, jint events, jlong timeout_ms);

/* Shared by the two above: whether a call can be a wait of ours; the report beside a stock wait. */
bool oq_fd_ready(int fd, short events);
void oq_fd_await_stock(int fd, short events);
bool oq_may_wait(struct oq_port *port, int fd);
void oq_observe(JNIEnv *env, struct oq_port *port, struct oq_report *report, enum oq_kind kind,
                int fd, short events);
void oq_observed(JNIEnv *env, struct oq_port *port, struct oq_report *report, int64_t result);
void oq_throw_io(JNIEnv *env, const char *message);
void oq_throw_errno(JNIEnv *env, int error);

/* hook_fd.c */
void oq_hook_preclose(JNIEnv *env, jclass type, jobject fdo);
void oq_hook_close(JNIEnv *env, jclass type, jobject fdo);
void oq_hook_close_int(JNIEnv *env, jclass type, jint fd);
void oq_hook_close_io(JNIEnv *env, jobject fdo);
void oq_hook_clean_io(JNIEnv *env, jclass type, jint fd, jlong handle);
void oq_hook_close_fs(JNIEnv *env, jclass type, jint fd);
void oq_hook_signal(JNIEnv *env, jclass type, jlong thread);
void oq_hook_blocking(JNIEnv *env, jclass type, jobject fdo, jboolean blocking);
jint oq_hook_socket(JNIEnv *env, jclass type, jboolean prefer6, jboolean stream, jboolean reuse,
                    jboolean fast_loopback);
jint oq_hook_socket_unix(JNIEnv *env, jclass type);
jint oq_hook_epoll_create(JNIEnv *env, jclass type);
jlong oq_hook_pipe(JNIEnv *env, jclass type, jboolean blocking);

/* hook_stream.c */
jint oq_hook_stream_read(JNIEnv *env, jobject self);
jint oq_hook_stream_read_bytes(JNIEnv *env, jobject self, jbyteArray to, jint off, jint len);
void oq_hook_stream_write(JNIEnv *env, jobject self, jint b, jboolean append);
void oq_hook_stream_write_bytes(JNIEnv *env, jobject self, jbyteArray from, jint off, jint len,
                                jboolean append);
jint oq_hook_random_read(JNIEnv *env, jobject self);
jint oq_hook_random_read_bytes(JNIEnv *env, jobject self, jbyteArray to, jint off, jint len);
void oq_hook_random_write(JNIEnv *env, jobject self, jint b);
void oq_hook_random_write_bytes(JNIEnv *env, jobject self, jbyteArray from, jint off, jint len);

/* hook_file.c */
jint oq_hook_file_read(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_file_readv(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jint oq_hook_file_write(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jlong oq_hook_file_writev(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len);
jint oq_hook_file_pread(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at);
jint oq_hook_file_pwrite(JNIEnv *env, jclass type, jobject fdo, jlong address, jint len, jlong at);
jint oq_hook_file_force(JNIEnv *env, jobject self, jobject fdo, jboolean metadata);
jlong oq_hook_transfer17(JNIEnv *env, jobject self, jobject src, jlong at, jlong count, jobject dst);
jlong oq_hook_transfer25(JNIEnv *env, jclass type, jobject src, jlong at, jlong count, jobject dst,
                         jboolean append);

/* hook_lookup.c */
jobjectArray oq_hook_lookup17(JNIEnv *env, jobject self, jstring host);
jobjectArray oq_hook_lookup25(JNIEnv *env, jobject self, jstring host, jint policy);
jobjectArray oq_hook_lookup4(JNIEnv *env, jobject self, jstring host);
jstring oq_hook_reverse6(JNIEnv *env, jobject self, jbyteArray address);
jstring oq_hook_reverse4(JNIEnv *env, jobject self, jbyteArray address);

/* call.c: a call that is itself the wait, if the thread was put aside for it. */
struct oq_call {
    struct oq_report report;
    long blocked_before;
};
void oq_call_begin(JNIEnv *env, struct oq_port *port, struct oq_call *call, enum oq_kind kind,
                   int fd);
void oq_call_end(JNIEnv *env, struct oq_port *port, struct oq_call *call, enum oq_outcome outcome);

#endif
