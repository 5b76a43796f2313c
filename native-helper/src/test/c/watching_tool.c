/*
 * A tool of the VM's (JVMTI) that wants to hear of virtual threads: counts their starts and ends and
 * how often they are mounted, and suspends them all again and again when it is attached to a VM that
 * runs already. At the VM's end it says what it saw.
 */
#include <jvmti.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define SUSPENSIONS 200

static atomic_long starts, ends, mounts, unmounts;

static void JNICALL on_start(jvmtiEnv *tool, JNIEnv *env, jthread thread) {
    (void)tool, (void)env, (void)thread;
    starts++;
}

static void JNICALL on_end(jvmtiEnv *tool, JNIEnv *env, jthread thread) {
    (void)tool, (void)env, (void)thread;
    ends++;
}

static void JNICALL on_mount(jvmtiEnv *tool, ...) {
    (void)tool;
    mounts++;
}

static void JNICALL on_unmount(jvmtiEnv *tool, ...) {
    (void)tool;
    unmounts++;
}

static void JNICALL on_death(jvmtiEnv *tool, JNIEnv *env) {
    (void)tool, (void)env;
    printf("starts %ld, ends %ld, mounted %s, unmounted %s\n", starts, ends,
           mounts >= starts ? "yes" : "no", unmounts >= ends ? "yes" : "no");
    fflush(stdout);
}

static int count_mounts(jvmtiEnv *tool) {
    jint count;
    jvmtiExtensionEventInfo *events;
    if ((*tool)->GetExtensionEvents(tool, &count, &events) != JVMTI_ERROR_NONE) return -1;
    for (jint i = 0; i < count; i++) {
        jint event = events[i].extension_event_index;
        jvmtiExtensionEvent count_it =
            strcmp(events[i].id, "com.sun.hotspot.events.VirtualThreadMount") == 0 ? on_mount
            : strcmp(events[i].id, "com.sun.hotspot.events.VirtualThreadUnmount") == 0
                ? on_unmount
                : NULL;
        if (count_it == NULL) continue;
        (*tool)->SetExtensionEventCallback(tool, event, count_it);
        (*tool)->SetEventNotificationMode(tool, JVMTI_ENABLE, (jvmtiEvent)event, NULL);
    }
    return 0;
}

static jvmtiEnv *begin(JavaVM *vm) {
    jvmtiEnv *tool;
    jvmtiCapabilities wanted = {.can_support_virtual_threads = 1, .can_suspend = 1};
    jvmtiEventCallbacks callbacks = {
        .VirtualThreadStart = on_start, .VirtualThreadEnd = on_end, .VMDeath = on_death};
    if ((*vm)->GetEnv(vm, (void **)&tool, JVMTI_VERSION_21) != JNI_OK) return NULL;
    (*tool)->AddCapabilities(tool, &wanted);
    (*tool)->SetEventCallbacks(tool, &callbacks, sizeof callbacks);
    (*tool)->SetEventNotificationMode(tool, JVMTI_ENABLE, JVMTI_EVENT_VIRTUAL_THREAD_START, NULL);
    (*tool)->SetEventNotificationMode(tool, JVMTI_ENABLE, JVMTI_EVENT_VIRTUAL_THREAD_END, NULL);
    (*tool)->SetEventNotificationMode(tool, JVMTI_ENABLE, JVMTI_EVENT_VM_DEATH, NULL);
    return count_mounts(tool) == 0 ? tool : NULL;
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    (void)options, (void)reserved;
    return begin(vm) == NULL ? JNI_ERR : JNI_OK;
}

JNIEXPORT jint JNICALL Agent_OnAttach(JavaVM *vm, char *options, void *reserved) {
    (void)options, (void)reserved;
    jvmtiEnv *tool = begin(vm);
    if (tool == NULL) return JNI_ERR;
    int failed = 0;
    for (int i = 0; i < SUSPENSIONS; i++) {
        failed += (*tool)->SuspendAllVirtualThreads(tool, 0, NULL) != JVMTI_ERROR_NONE;
        failed += (*tool)->ResumeAllVirtualThreads(tool, 0, NULL) != JVMTI_ERROR_NONE;
    }
    printf("failed suspensions: %d\n", failed);
    fflush(stdout);
    return JNI_OK;
}
