/* What the hooks know of the VM: ids, originals, and the way up to Java while a recording runs. */
#ifndef OQ_VM_H
#define OQ_VM_H

#include <netinet/in.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "queue.h"

/* Seams in the order of their counters. The Java side names them by class and method. */
enum oq_seam {
    OQ_S_PARK, OQ_S_UNPARK, OQ_S_INTERRUPT, OQ_S_SLEEP, OQ_S_SELECT, OQ_S_EPOLL_CREATE,
    OQ_S_EVENTFD_SET, OQ_S_ACCEPT, OQ_S_ACCEPT_UNIX, OQ_S_CONNECT, OQ_S_CONNECT_UNIX, OQ_S_SOCKET,
    OQ_S_SOCKET_UNIX, OQ_S_POLL, OQ_S_READ, OQ_S_READV, OQ_S_WRITE, OQ_S_WRITEV, OQ_S_RECEIVE,
    OQ_S_SEND, OQ_S_DGRAM_READ, OQ_S_DGRAM_READV, OQ_S_DGRAM_WRITE, OQ_S_DGRAM_WRITEV,
    OQ_S_FILE_READ, OQ_S_FILE_READV, OQ_S_FILE_PREAD, OQ_S_FILE_WRITE, OQ_S_FILE_WRITEV,
    OQ_S_FILE_PWRITE, OQ_S_FILE_FORCE, OQ_S_FILE_TRANSFER, OQ_S_WATCH, OQ_S_BLOCKING, OQ_S_PIPE,
    OQ_S_PRECLOSE, OQ_S_CLOSE, OQ_S_CLOSE_INT, OQ_S_SIGNAL, OQ_S_CLOSE_IO, OQ_S_CLEAN_IO,
    OQ_S_CLOSE_FS, OQ_S_EPOLL_CTL, OQ_S_STREAM_READ, OQ_S_STREAM_READ_BYTES, OQ_S_STREAM_WRITE,
    OQ_S_STREAM_WRITE_BYTES, OQ_S_RANDOM_READ, OQ_S_RANDOM_READ_BYTES, OQ_S_RANDOM_WRITE,
    OQ_S_RANDOM_WRITE_BYTES, OQ_S_LOOKUP6, OQ_S_LOOKUP4, OQ_S_REVERSE6, OQ_S_REVERSE4,
    OQ_S_COUNT
};

_Static_assert((int)OQ_S_COUNT <= OQ_SEAMS_MAX, "counters");

/* Return codes of the JDK's IOStatus. */
#define IOS_EOF (-1)
#define IOS_UNAVAILABLE (-2)
#define IOS_INTERRUPTED (-3)
#define IOS_THROWN (-5)

struct oq_vm {
    jclass thread_class;
    jmethodID current_thread;
    jmethodID current_carrier;     /* current_thread on 17 */
    jfieldID eetop;                /* long: address of the VM's thread */
    jfieldID tid;                  /* long: the Thread's number */
    jfieldID interrupted;          /* boolean */
    jfieldID holder;               /* 25: the object that holds the status; NULL on 17 */
    jfieldID status;               /* int, of Thread (17) or its holder (25) */
    jfieldID fd;                   /* int, of FileDescriptor */
    jfieldID input_fd;             /* FileDescriptor, of FileInputStream */
    jfieldID output_fd;            /* likewise, of FileOutputStream */
    jfieldID random_fd;            /* likewise, of RandomAccessFile */
    jclass io_exception;
    jclass reset_exception;
    jmethodID io_exception_new;
    jmethodID reset_exception_new;
    jclass recorder;               /* onequeue.event.Recorder, once a recording has run */
    jmethodID recorder_begin;
    jmethodID recorder_end;
    jmethodID recorder_connecting;
};

extern struct oq_vm oq_vm;

/* The original of each seam; set before the hook can be called. */
extern void *oq_original[OQ_S_COUNT];
extern void *const oq_hooks[OQ_S_COUNT];

#define ORIGINAL(type, seam) ((type)oq_original[seam])

/* java.lang.Thread's status numbers, as the VM writes them. */
enum { OQ_STATUS_RUNNABLE = 0x5, OQ_STATUS_PARKED = 0x291, OQ_STATUS_PARKED_TIMED = 0x2a1,
       OQ_STATUS_SLEEPING = 0xe1 };

/* Counts the call; the calling thread's port, or NULL: then go the stock way. */
struct oq_port *oq_enter(JNIEnv *env, enum oq_seam seam);

/* A local ref to the running thread: current_thread or current_carrier. */
jobject oq_thread_now(JNIEnv *env, jmethodID which);

/* A local ref to the Thread that this port stands for, or NULL. */
jobject oq_me(JNIEnv *env, struct oq_port *port);
bool oq_interrupted(JNIEnv *env, jobject thread);
void oq_set_status(JNIEnv *env, jobject thread, jint status);
struct oq_cell *oq_cell_of_thread(JNIEnv *env, jobject thread);
int oq_fdval(JNIEnv *env, jobject fdo);

static inline bool oq_unify(void) { return oq.page->mode >= OQ_UNIFY; }
static inline bool oq_recording(struct oq_port *port) {
    return atomic_load_explicit(&oq.recording, memory_order_relaxed) && !port->reporting;
}

/* Waits for events on a descriptor at the port. */
enum oq_await { OQ_AW_READY, OQ_AW_SIGNALLED, OQ_AW_TIMEOUT, OQ_AW_STOCK };
enum oq_await oq_await_fd(JNIEnv *env, struct oq_port *port, int fd, uint32_t events,
                          int64_t timeout_ns, enum oq_kind kind, uint32_t *ready);

/* Likewise, without a word to the recording, and oq_signal does not end it. */
enum oq_await oq_await_events(struct oq_port *port, int fd, uint32_t events, int64_t deadline_ns,
                              uint32_t *ready);

/* One wait on its way into the recording. Lives on the stack of the hook. */
struct oq_report {
    bool open;
    bool outer;                /* a hook further up will report it */
    jobject event;
    int fd;
    const char *name;          /* what is waited on where there is no descriptor, or NULL; after begin */
    enum oq_kind kind;
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
    } address;
    socklen_t address_size;
};

void oq_report_begin(JNIEnv *env, struct oq_port *port, struct oq_report *report, enum oq_kind kind,
                     int fd, int64_t timeout_ns);
void oq_report_address(struct oq_report *report);
/* Bytes written: an address, or the path of a file in the file system's own encoding. */
int oq_report_describe(const struct oq_report *report, char *out, size_t size);
void oq_report_end(JNIEnv *env, struct oq_port *port, struct oq_report *report,
                   enum oq_outcome outcome, int batch);
/* Says who ends the wait of the thread, before it is woken. Only while a recording runs. */
void oq_report_waker(JNIEnv *env, struct oq_cell *cell);
void oq_forget_ref(JNIEnv *env, _Atomic(void *) *slot);
jobject oq_current_thread_ref(JNIEnv *env);

/* Native.bind0 and Native.callOnce. */
jint oq_native_bind(JNIEnv *env, jclass self, jint seam, jclass type, jstring class_name,
                    jstring method, jstring descriptor, jboolean ours);
void oq_native_call_once(JNIEnv *env, jclass self, jclass type, jstring class_name, jstring method,
                         jstring descriptor, jobject no_fd, jboolean makes_descriptors);

/*
 * file.c: reads or writes what can be had at once, of any file or blocking pipe. How many bytes, 0 at
 * the end, or -errno: -EAGAIN when it would wait.
 */
int64_t oq_try_read(int fd, const struct iovec *to, int count, int64_t at);
int64_t oq_try_write(int fd, const struct iovec *from);

/* Bits of enum oq_file, asked once in the life of the descriptor. */
uint8_t oq_file_how(int fd);

/* hook_park.c: in the VM; returns at once if the user left park alone. */
void oq_park_for_good(JNIEnv *env);

/* Natives of onequeue.queue.Native. */
jint oq_native_file_how(JNIEnv *env, jclass self, jint fd);
jint oq_native_try_read(JNIEnv *env, jclass self, jint fd, jlong address, jint len, jlong at);
jlong oq_native_try_readv(JNIEnv *env, jclass self, jint fd, jlong address, jint count);
jint oq_native_try_write(JNIEnv *env, jclass self, jint fd, jlong address, jint len);
jint oq_native_try_read_bytes(JNIEnv *env, jclass self, jint fd, jbyteArray to, jint off, jint len);
jint oq_native_try_write_bytes(JNIEnv *env, jclass self, jint fd, jbyteArray from, jint off,
                               jint len);
jint oq_native_duplicate(JNIEnv *env, jclass self, jint fd);
jlong oq_native_seek(JNIEnv *env, jclass self, jint fd, jlong at);
void oq_native_set_errno(JNIEnv *env, jclass self, jint error);
void oq_native_close_duplicate(JNIEnv *env, jclass self, jint fd);

/* hook_watch.c */
jint oq_native_open_watcher(JNIEnv *env, jclass self);
jint oq_native_join_watcher(JNIEnv *env, jclass self, jint epfd, jint fd);
jint oq_native_look_at_watcher(JNIEnv *env, jclass self, jint epfd);
void oq_native_close_watcher(JNIEnv *env, jclass self, jint epfd);

/* natives_carrier.c */
jboolean oq_native_carriers_open(JNIEnv *env, jclass self);
jlong oq_native_table(JNIEnv *env, jclass self);
jint oq_native_table_size(JNIEnv *env, jclass self);
jint oq_native_watch(JNIEnv *env, jclass self, jint fd);
jboolean oq_native_is_broken(JNIEnv *env, jclass self, jint fd);
jint oq_native_look(JNIEnv *env, jclass self, jlong out, jint max, jlong deadline_ns);
jint oq_native_open_ring(JNIEnv *env, jclass self);
jbyteArray oq_native_ring_trouble(JNIEnv *env, jclass self);
jint oq_native_submit(JNIEnv *env, jclass self, jint tag, jint what, jint fd, jlong address,
                       jint count, jlong at);
void oq_native_kick_carriers(JNIEnv *env, jclass self);
jlong oq_native_carrier(JNIEnv *env, jclass self);
jboolean oq_native_rest(JNIEnv *env, jclass self, jlong deadline_ns);
jlong oq_native_spare_cpu(JNIEnv *env, jclass self);
jlong oq_native_carrier_calls(JNIEnv *env, jclass self);
jlong oq_native_run_delay(JNIEnv *env, jclass self, jlong port);
void oq_native_rouse(JNIEnv *env, jclass self, jlong port);
void oq_native_leave(JNIEnv *env, jclass self);

/* transitions.c */
jint oq_native_stop_transition_notices(JNIEnv *env, jclass self);

/* natives.c: the calling thread's port, made here if this is its first call; NULL past all budgets. */
struct oq_port *oq_look_in(JNIEnv *env);
int oq_natives_bind(JNIEnv *env, jclass native_class);

#endif
