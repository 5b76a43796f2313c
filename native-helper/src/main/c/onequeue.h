/*
 * onequeue native helper: everything another language may call or read.
 *
 * Conventions: functions return 0 or a count, and -errno on failure. They retry EINTR themselves.
 * Units stand in the names (timeout_ns). All functions may be called from any thread unless said
 * otherwise. Numbers that Java mirrors say "keep in sync with".
 */
#ifndef ONEQUEUE_H
#define ONEQUEUE_H

#include <jni.h>
#include <stdint.h>

#define OQ_API __attribute__((visibility("default")))

/* Changes whenever a function or the layout of the page below does. Keep in sync with NativeHelper. */
#define OQ_ABI 5

/* What a thread waits for. Keep in sync with onequeue.queue.Kind. */
enum oq_kind {
    OQ_ACCEPT, OQ_CONNECT, OQ_READ, OQ_WRITE, OQ_DATAGRAM, OQ_PIPE, OQ_SELECT, OQ_SLEEP, OQ_PARK,
    OQ_FILE, OQ_WATCH, OQ_PROCESS, OQ_LOOKUP, OQ_IDLE, OQ_KINDS
};

/* How a wait ended. Keep in sync with onequeue.queue.Outcome. */
enum oq_outcome {
    OQ_READY, OQ_TIMED_OUT, OQ_UNPARKED, OQ_INTERRUPTED, OQ_CLOSED, OQ_SPURIOUS
};

enum oq_mode { OQ_OFF, OQ_OBSERVE, OQ_UNIFY, OQ_COROUTINE };

/*
 * The page: what `status` reads from outside, through /proc/PID/fd of the memfd named "onequeue".
 * A reader sees numbers that are each current, not a consistent snapshot.
 * Keep in sync with onequeue.control.StatusPage.
 */
#define OQ_PAGE_MAGIC UINT64_C(0x6575657565756e6f)
#define OQ_PAGE_TEXT 4096               /* offset of the text, UTF-8, ended by NUL */
#define OQ_PAGE_TEXT_MAX (60 * 1024)
#define OQ_PAGE_PORTS (64 * 1024)       /* offset of the array of ports */
#define OQ_PORT_SIZE 1024
#define OQ_PORTS_MAX 65536
#define OQ_SEAMS_MAX 64

struct oq_page {
    uint64_t magic;
    uint32_t abi;
    uint32_t mode;
    uint32_t ports_made;       /* slots of the array that were ever used */
    uint32_t ports_open;       /* threads that hold an epoll descriptor now */
    uint32_t port_budget;      /* how many may */
    uint32_t ports_spare;      /* kept for threads to come */
    uint32_t selectors;        /* application selectors that joined the tree so far */
    uint64_t over_budget;      /* waits that stayed stock because the budget was spent */
    uint64_t rebuilt;          /* ports made anew because of an orphaned registration */
    uint64_t recording;
};

/* ---- control: called through JNA ---- */

OQ_API int oq_abi(void);

/*
 * Asks the running kernel what it allows. Writes one line a feature into buf:
 * "name<TAB>yes|no<TAB>reason". Returns the number of bytes, or -ENOSPC.
 */
OQ_API int oq_probe(char *buf, int size);

/*
 * Makes the queue (root descriptor, status page) and binds the natives of onequeue.queue.Native.
 * The caller is attached to the VM. May be called once; -EALREADY after that.
 * no_pwait2 != 0 takes the rung below epoll_pwait2 even if the kernel has it.
 */
OQ_API int oq_attach(JNIEnv *env, jclass native_class, int mode, int no_pwait2);

#endif
