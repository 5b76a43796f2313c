/*
 * A tool of the VM's (JVMTI) that looks, when the VM is about to end, how many threads wait in epoll:
 * for those the VM would wait, since they are in native code. Gives them some time to leave.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <jvmti.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOKS 5000
#define PAUSE_US 1000

static bool is_in_epoll(const char *thread) {
    char name[300], text[200] = "";
    snprintf(name, sizeof name, "/proc/self/task/%s/syscall", thread);
    FILE *file = fopen(name, "r");
    if (file == NULL) return false;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    char *end;
    long call = strtol(text, &end, 10);
    if (n == 0 || end == text) return false; /* it runs */
#ifdef SYS_epoll_wait
    if (call == SYS_epoll_wait) return true;
#endif
    return call == SYS_epoll_pwait || call == 441; /* epoll_pwait2 */
}

static int count(void) {
    int n = 0;
    DIR *threads = opendir("/proc/self/task");
    for (struct dirent *entry; threads != NULL && (entry = readdir(threads)) != NULL;) {
        n += entry->d_name[0] != '.' && is_in_epoll(entry->d_name);
    }
    if (threads != NULL) closedir(threads);
    return n;
}

static void JNICALL on_death(jvmtiEnv *tool, JNIEnv *env) {
    (void)tool, (void)env;
    int n = count();
    for (int i = 0; i < LOOKS && n > 0; i++) {
        usleep(PAUSE_US);
        n = count();
    }
    printf("threads in epoll at the end: %d\n", n);
    fflush(stdout);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    (void)options, (void)reserved;
    jvmtiEnv *tool;
    jvmtiEventCallbacks callbacks = {.VMDeath = on_death};
    if ((*vm)->GetEnv(vm, (void **)&tool, JVMTI_VERSION_11) != JNI_OK) return JNI_ERR;
    (*tool)->SetEventCallbacks(tool, &callbacks, sizeof callbacks);
    (*tool)->SetEventNotificationMode(tool, JVMTI_ENABLE, JVMTI_EVENT_VM_DEATH, NULL);
    return JNI_OK;
}
