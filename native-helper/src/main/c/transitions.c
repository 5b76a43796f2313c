/*
 * From the moment that any agent is there the VM tells its tool interface (JVMTI) of each switch
 * between virtual threads, which takes some 100 ns. It is java.lang.instrument that comes with us, and
 * it never asks for that. A variable of the VM says whether it tells. A tool that comes later has the
 * VM set it again, at a safepoint, and count what is under way. So it does no harm to clear it as long
 * as there has been no virtual thread and there is no tool but us.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>

#include "vm.h"

#define EXPORTED "JNI_CreateJavaVM"
#define VARIABLE "_ZN27JvmtiVTMSTransitionDisabler25_VTMS_notify_jvmti_eventsE"

static void *exported_by(const char *library_path, const char *name) {
    void *library = dlopen(library_path, RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL) return NULL;
    void *address = dlsym(library, name);
    dlclose(library);
    return address;
}

/* A library with the entry point of a tool, but for that of Java agents. */
static int is_tool(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    const char *slash = strrchr(info->dlpi_name, '/');
    return slash != NULL && strcmp(slash + 1, "libinstrument.so") != 0 &&
           exported_by(info->dlpi_name, "Agent_OnLoad") != NULL;
}

jint oq_native_stop_transition_notices(JNIEnv *env, jclass self) {
    (void)self;
    Dl_info vm;
    if (dladdr((void *)(uintptr_t)(*env)->GetVersion, &vm) == 0) return -ENOENT;
    if (dl_iterate_phdr(is_tool, NULL) != 0) return -EBUSY;
    struct oq_wanted wanted = {.base = vm.dli_fbase,
                               .known = EXPORTED,
                               .known_address = exported_by(vm.dli_fname, EXPORTED),
                               .variable = VARIABLE,
                               .size = sizeof(bool)};
    volatile bool *tells = oq_symbol(vm.dli_fname, &wanted);
    if (tells == NULL) return -ENOENT;
    *tells = false;
    return 0;
}
