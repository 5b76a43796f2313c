/*
 * Names and addresses that a name server is asked for. The wait is inside the C library, on a
 * descriptor of its own: it is reported, and not routed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>

#include "hooks.h"

typedef jobjectArray (*lookup_fn)(JNIEnv *, jobject, jstring);
typedef jobjectArray (*lookup25_fn)(JNIEnv *, jobject, jstring, jint);
typedef jstring (*reverse_fn)(JNIEnv *, jobject, jbyteArray);

struct lookup {
    struct oq_port *port;
    struct oq_call call;
    char name[NI_MAXHOST];
};

static void lookup_begin(JNIEnv *env, struct lookup *lookup, enum oq_seam seam) {
    lookup->port = oq_enter(env, seam);
    lookup->call.report.open = false;
    if (lookup->port != NULL) oq_call_begin(env, lookup->port, &lookup->call, OQ_LOOKUP, -1);
    lookup->name[0] = 0;
    lookup->call.report.name = lookup->name;
}

static void lookup_end(JNIEnv *env, struct lookup *lookup) {
    if (lookup->port != NULL) oq_call_end(env, lookup->port, &lookup->call, OQ_READY);
}

static void name_host(JNIEnv *env, struct lookup *lookup, jstring host) {
    if (!lookup->call.report.open || host == NULL) return;
    jsize bytes = (*env)->GetStringUTFLength(env, host);
    if (bytes >= (jsize)sizeof lookup->name) return; /* no name is so long */
    (*env)->GetStringUTFRegion(env, host, 0, (*env)->GetStringLength(env, host), lookup->name);
    lookup->name[bytes] = 0;
}

static void name_address(JNIEnv *env, struct lookup *lookup, jbyteArray address) {
    jbyte bytes[sizeof(struct in6_addr)];
    jsize n = !lookup->call.report.open || address == NULL ? 0 : (*env)->GetArrayLength(env, address);
    if (n != sizeof(struct in_addr) && n != sizeof(struct in6_addr)) return;
    (*env)->GetByteArrayRegion(env, address, 0, n, bytes);
    inet_ntop(n == sizeof(struct in_addr) ? AF_INET : AF_INET6, bytes, lookup->name,
              sizeof lookup->name);
}

static jobjectArray lookup_host(JNIEnv *env, jobject self, jstring host, enum oq_seam seam) {
    struct lookup lookup;
    lookup_begin(env, &lookup, seam);
    name_host(env, &lookup, host);
    jobjectArray found = ORIGINAL(lookup_fn, seam)(env, self, host);
    lookup_end(env, &lookup);
    return found;
}

jobjectArray oq_hook_lookup17(JNIEnv *env, jobject self, jstring host) {
    return lookup_host(env, self, host, OQ_S_LOOKUP6);
}

jobjectArray oq_hook_lookup4(JNIEnv *env, jobject self, jstring host) {
    return lookup_host(env, self, host, OQ_S_LOOKUP4);
}

jobjectArray oq_hook_lookup25(JNIEnv *env, jobject self, jstring host, jint policy) {
    struct lookup lookup;
    lookup_begin(env, &lookup, OQ_S_LOOKUP6);
    name_host(env, &lookup, host);
    jobjectArray found = ORIGINAL(lookup25_fn, OQ_S_LOOKUP6)(env, self, host, policy);
    lookup_end(env, &lookup);
    return found;
}

static jstring reverse(JNIEnv *env, jobject self, jbyteArray address, enum oq_seam seam) {
    struct lookup lookup;
    lookup_begin(env, &lookup, seam);
    name_address(env, &lookup, address);
    jstring found = ORIGINAL(reverse_fn, seam)(env, self, address);
    lookup_end(env, &lookup);
    return found;
}

jstring oq_hook_reverse6(JNIEnv *env, jobject self, jbyteArray address) {
    return reverse(env, self, address, OQ_S_REVERSE6);
}

jstring oq_hook_reverse4(JNIEnv *env, jobject self, jbyteArray address) {
    return reverse(env, self, address, OQ_S_REVERSE4);
}
