/* Seams: finds the JDK's own function behind a native, and puts ours in its place. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hooks.h"

void *const oq_hooks[OQ_S_COUNT] = {
    [OQ_S_PARK] = oq_hook_park,
    [OQ_S_UNPARK] = oq_hook_unpark,
    [OQ_S_INTERRUPT] = oq_hook_interrupt,
    [OQ_S_SLEEP] = oq_hook_sleep_ns,
    [OQ_S_SELECT] = oq_hook_select,
    [OQ_S_EPOLL_CREATE] = oq_hook_epoll_create,
    [OQ_S_EVENTFD_SET] = oq_hook_eventfd_set,
    [OQ_S_ACCEPT] = oq_hook_accept,
    [OQ_S_ACCEPT_UNIX] = oq_hook_accept_unix,
    [OQ_S_CONNECT] = oq_hook_connect,
    [OQ_S_CONNECT_UNIX] = oq_hook_connect_unix,
    [OQ_S_SOCKET] = oq_hook_socket,
    [OQ_S_SOCKET_UNIX] = oq_hook_socket_unix,
    [OQ_S_POLL] = oq_hook_poll,
    [OQ_S_READ] = oq_hook_read,
    [OQ_S_READV] = oq_hook_readv,
    [OQ_S_WRITE] = oq_hook_write,
    [OQ_S_WRITEV] = oq_hook_writev,
    [OQ_S_RECEIVE] = oq_hook_receive,
    [OQ_S_SEND] = oq_hook_send,
    [OQ_S_DGRAM_READ] = oq_hook_dgram_read,
    [OQ_S_DGRAM_READV] = oq_hook_dgram_readv,
    [OQ_S_DGRAM_WRITE] = oq_hook_dgram_write,
    [OQ_S_DGRAM_WRITEV] = oq_hook_dgram_writev,
    [OQ_S_FILE_READ] = oq_hook_file_read,
    [OQ_S_FILE_READV] = oq_hook_file_readv,
    [OQ_S_FILE_PREAD] = oq_hook_file_pread,
    [OQ_S_FILE_WRITE] = oq_hook_file_write,
    [OQ_S_FILE_WRITEV] = oq_hook_file_writev,
    [OQ_S_FILE_PWRITE] = oq_hook_file_pwrite,
    [OQ_S_FILE_FORCE] = oq_hook_file_force,
    [OQ_S_FILE_TRANSFER] = oq_hook_transfer25,
    [OQ_S_WATCH] = oq_hook_watch,
    [OQ_S_BLOCKING] = oq_hook_blocking,
    [OQ_S_PIPE] = oq_hook_pipe,
    [OQ_S_PRECLOSE] = oq_hook_preclose,
    [OQ_S_CLOSE] = oq_hook_close,
    [OQ_S_CLOSE_INT] = oq_hook_close_int,
    [OQ_S_SIGNAL] = oq_hook_signal,
    [OQ_S_CLOSE_IO] = oq_hook_close_io,
    [OQ_S_CLEAN_IO] = oq_hook_clean_io,
    [OQ_S_CLOSE_FS] = oq_hook_close_fs,
    [OQ_S_EPOLL_CTL] = oq_hook_epoll_ctl,
    [OQ_S_STREAM_READ] = oq_hook_stream_read,
    [OQ_S_STREAM_READ_BYTES] = oq_hook_stream_read_bytes,
    [OQ_S_STREAM_WRITE] = oq_hook_stream_write,
    [OQ_S_STREAM_WRITE_BYTES] = oq_hook_stream_write_bytes,
    [OQ_S_RANDOM_READ] = oq_hook_random_read,
    [OQ_S_RANDOM_READ_BYTES] = oq_hook_random_read_bytes,
    [OQ_S_RANDOM_WRITE] = oq_hook_random_write,
    [OQ_S_RANDOM_WRITE_BYTES] = oq_hook_random_write_bytes,
    [OQ_S_LOOKUP6] = oq_hook_lookup25,
    [OQ_S_LOOKUP4] = oq_hook_lookup4,
    [OQ_S_REVERSE6] = oq_hook_reverse6,
    [OQ_S_REVERSE4] = oq_hook_reverse4,
};

/* Three natives changed their signature between the JDKs we know. */
static void *hook_for(int seam, const char *method, const char *descriptor) {
    if (seam == OQ_S_SLEEP && strcmp(method, "sleep") == 0) return oq_hook_sleep_ms;
    if (seam == OQ_S_FILE_TRANSFER && strstr(descriptor, "Z)J") == NULL) return oq_hook_transfer17;
    if (seam == OQ_S_LOOKUP6 && strstr(descriptor, ";I)") == NULL) return oq_hook_lookup17;
    return oq_hooks[seam];
}

/* ---- originals ---- */

static const char *const libraries[] = {"libnio.so", "libnet.so", "libjava.so", "libjvm.so"};

static void *find_symbol(const char *symbol) {
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        void *library = dlopen(libraries[i], RTLD_NOLOAD | RTLD_LAZY);
        void *found = library == NULL ? NULL : dlsym(library, symbol);
        if (library != NULL) dlclose(library); /* the VM keeps it open */
        if (found != NULL) return found;
    }
    return NULL;
}

static jint JNICALL capture(JNIEnv *env, jclass type, const JNINativeMethod *methods, jint count) {
    (void)env, (void)type;
    for (jint i = 0; i < count; i++) {
        if (strcmp(methods[i].name, "park") == 0) oq_original[OQ_S_PARK] = methods[i].fnPtr;
        if (strcmp(methods[i].name, "unpark") == 0) oq_original[OQ_S_UNPARK] = methods[i].fnPtr;
    }
    return JNI_OK;
}

/*
 * The VM exports no symbol for park; it hands the functions to RegisterNatives. So let it register
 * once more, with a function table, of this thread alone and for this one call, that only listens.
 */
static void capture_park(JNIEnv *env, jclass unsafe) {
    jmethodID again = (*env)->GetStaticMethodID(env, unsafe, "registerNatives", "()V");
    if (again == NULL) {
        (*env)->ExceptionClear(env);
        return;
    }
    const struct JNINativeInterface_ *own = *env;
    struct JNINativeInterface_ listening = *own;
    listening.RegisterNatives = capture;
    *env = &listening;
    own->CallStaticVoidMethod(env, unsafe, again);
    *env = own;
    if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
}

static void *find_original(JNIEnv *env, int seam, jclass type, const char *class_name,
                           const char *method) {
    if (seam == OQ_S_PARK || seam == OQ_S_UNPARK) {
        if (oq_original[seam] == NULL) capture_park(env, type);
        return oq_original[seam];
    }
    if (seam == OQ_S_INTERRUPT) return find_symbol("JVM_Interrupt");
    if (seam == OQ_S_SLEEP) {
        return find_symbol(strcmp(method, "sleep") == 0 ? "JVM_Sleep" : "JVM_SleepNanos");
    }
    char symbol[256];
    snprintf(symbol, sizeof symbol, "Java_%s_%s", class_name, method);
    for (char *c = symbol; *c != 0; c++) {
        if (*c == '.') *c = '_';
    }
    return find_symbol(symbol);
}

/* ---- put in place, and tried ---- */

struct names {
    const char *class_name, *method, *descriptor;
};

static bool get_names(JNIEnv *env, struct names *n, jstring class_name, jstring method,
                      jstring descriptor) {
    n->class_name = (*env)->GetStringUTFChars(env, class_name, NULL);
    n->method = (*env)->GetStringUTFChars(env, method, NULL);
    n->descriptor = (*env)->GetStringUTFChars(env, descriptor, NULL);
    return n->class_name != NULL && n->method != NULL && n->descriptor != NULL;
}

static void release_names(JNIEnv *env, struct names *n, jstring class_name, jstring method,
                          jstring descriptor) {
    (*env)->ReleaseStringUTFChars(env, class_name, n->class_name);
    (*env)->ReleaseStringUTFChars(env, method, n->method);
    (*env)->ReleaseStringUTFChars(env, descriptor, n->descriptor);
}

static jint rebind(JNIEnv *env, jint seam, jclass type, const struct names *n, bool ours) {
    void *original = find_original(env, seam, type, n->class_name, n->method);
    if (original == NULL) return -ENOENT;
    oq_original[seam] = original;
    JNINativeMethod native = {(char *)(intptr_t)n->method, (char *)(intptr_t)n->descriptor,
                              ours ? hook_for(seam, n->method, n->descriptor) : original};
    if ((*env)->RegisterNatives(env, type, &native, 1) == JNI_OK) return 0;
    (*env)->ExceptionClear(env);
    return -EINVAL;
}

jint oq_native_bind(JNIEnv *env, jclass self, jint seam, jclass type, jstring class_name,
                        jstring method, jstring descriptor, jboolean ours) {
    (void)self;
    struct names n;
    if (seam < 0 || seam >= OQ_S_COUNT) return -EINVAL;
    if (!get_names(env, &n, class_name, method, descriptor)) return -ENOMEM;
    jint r = rebind(env, seam, type, &n, ours);
    release_names(env, &n, class_name, method, descriptor);
    return r;
}

/* On an object that no constructor has run for: it has no descriptor. */
static void call_on_none(JNIEnv *env, jclass type, const struct names *n, const jvalue *args) {
    jmethodID method = (*env)->GetMethodID(env, type, n->method, n->descriptor);
    jobject self = method == NULL ? NULL : (*env)->AllocObject(env, type);
    if (self == NULL) return;
    switch (*(strchr(n->descriptor, ')') + 1)) {
    case 'V': (*env)->CallVoidMethodA(env, self, method, args); break;
    case 'I': (*env)->CallIntMethodA(env, self, method, args); break;
    default: break;
    }
}

/*
 * Self-test: calls the native once, from Java's side, in a way that the original answers at once
 * (a descriptor of -1, no timeout). That the hook's counter moved shows that it is in place.
 */
static void call_once(JNIEnv *env, jclass type, const struct names *n, jobject no_fd,
                      bool makes_descriptors) {
    jvalue args[8];
    memset(args, 0, sizeof args);
    int count = 0;
    for (const char *c = n->descriptor + 1; *c != ')' && count < 8; c++, count++) {
        bool object = *c == 'L' || *c == '[';
        if (strncmp(c, "Ljava/io/FileDescriptor;", 24) == 0) args[count].l = no_fd;
        if (strncmp(c, "I", 1) == 0) args[count].i = strcmp(n->method, "wait") == 0 ? 0 : -1;
        while (*c == '[') c++;
        if (object && *c == 'L') {
            while (*c != ';') c++;
        }
    }
    jlong result = -1;
    jmethodID method = (*env)->GetStaticMethodID(env, type, n->method, n->descriptor);
    if (method == NULL) {
        (*env)->ExceptionClear(env);
        call_on_none(env, type, n, args);
    } else {
        switch (*(strchr(n->descriptor, ')') + 1)) {
        case 'V': (*env)->CallStaticVoidMethodA(env, type, method, args); break;
        case 'I': result = (*env)->CallStaticIntMethodA(env, type, method, args); break;
        case 'J': result = (*env)->CallStaticLongMethodA(env, type, method, args); break;
        default: break;
        }
    }
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
    } else if (makes_descriptors && result >= 0) {
        if (result >> 32 != 0) close((int)(result >> 32));
        close((int)result);
    }
}

void oq_native_call_once(JNIEnv *env, jclass self, jclass type, jstring class_name,
                             jstring method, jstring descriptor, jobject no_fd,
                             jboolean makes_descriptors) {
    (void)self;
    struct names n;
    if (!get_names(env, &n, class_name, method, descriptor)) return;
    call_once(env, type, &n, no_fd, makes_descriptors);
    release_names(env, &n, class_name, method, descriptor);
}
