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
#include <stdlib.h>
#include <string.h>

#include "vm.h"

#define LIBRARIES_MAX 256
#define EXPORTED "JNI_CreateJavaVM"
#define VARIABLE "_ZN27JvmtiVTMSTransitionDisabler25_VTMS_notify_jvmti_eventsE"

static void *exported_by(const char *library_path, const char *name) {
    void *library = dlopen(library_path, RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL) return NULL;
    void *address = dlsym(library, name);
    dlclose(library);
    return address;
}

struct libraries {
    char *paths[LIBRARIES_MAX];
    int count;
    bool more; /* than there is room for */
};

static int note_library(struct dl_phdr_info *info, size_t size, void *to) {
    (void)size;
    struct libraries *libraries = to;
    const char *slash = strrchr(info->dlpi_name, '/');
    if (slash == NULL || strcmp(slash + 1, "libinstrument.so") == 0) return 0;
    char *path = libraries->count == LIBRARIES_MAX ? NULL : strdup(info->dlpi_name);
    if (path == NULL) {
        libraries->more = true;
    } else {
        libraries->paths[libraries->count++] = path;
    }
    return 0;
}

/*
 * Whether there is a library with the entry point of a tool, but for that of Java agents. Asked one by
 * one afterwards: the linker holds a lock while it lists them, and dlopen takes another one first.
 */
static bool has_tool(void) {
    struct libraries libraries = {.count = 0};
    dl_iterate_phdr(note_library, &libraries);
    bool tool = libraries.more;
    for (int i = 0; i < libraries.count; i++) {
        tool = tool || exported_by(libraries.paths[i], "Agent_OnLoad") != NULL;
        free(libraries.paths[i]);
    }
    return tool;
}

jint oq_native_stop_transition_notices(JNIEnv *env, jclass self) {
    (void)self;
    Dl_info vm;
    if (dladdr((void *)(uintptr_t)(*env)->GetVersion, &vm) == 0) return -ENOENT;
    if (has_tool()) return -EBUSY;
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
