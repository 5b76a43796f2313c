/* The start of it all: what the hooks know of the VM. */
#include <errno.h>

#include "vm.h"

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
