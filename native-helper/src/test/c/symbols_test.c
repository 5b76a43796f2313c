/* Finds a variable of this program in its own file, and none in files that are not what they should be. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define COPY "symbols_test.copy"
#define STEP 4099

static volatile int hidden_variable = 1;

__attribute__((visibility("default"), noinline)) int known_function(void) { return hidden_variable; }

static struct oq_wanted wanted(void) {
    Dl_info self;
    CHECK(dladdr((void *)(uintptr_t)known_function, &self) != 0);
    return (struct oq_wanted){.base = self.dli_fbase,
                              .known = "known_function",
                              .known_address = (void *)(uintptr_t)known_function,
                              .variable = "hidden_variable",
                              .size = sizeof hidden_variable};
}

static void finds(void) {
    struct oq_wanted right = wanted(), wrong = right;
    CHECK(oq_symbol("/proc/self/exe", &right) == (void *)&hidden_variable);
    wrong.variable = "hidden_variabl";
    CHECK(oq_symbol("/proc/self/exe", &wrong) == NULL);
    wrong = right, wrong.variable = wrong.known; /* that is no variable */
    CHECK(oq_symbol("/proc/self/exe", &wrong) == NULL);
    wrong = right, wrong.size = 1;
    CHECK(oq_symbol("/proc/self/exe", &wrong) == NULL);
    wrong = right, wrong.known_address = (char *)right.known_address + 16;
    CHECK(oq_symbol("/proc/self/exe", &wrong) == NULL);
    CHECK(oq_symbol("/proc/self/exe/none", &right) == NULL);
    CHECK(oq_symbol("/", &right) == NULL);
    CHECK(oq_symbol("/dev/null", &right) == NULL);
}

static char *own_file(size_t *size) {
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    off_t end = lseek(fd, 0, SEEK_END);
    CHECK(fd >= 0 && end > 0);
    char *bytes = malloc((size_t)end);
    CHECK(bytes != NULL && pread(fd, bytes, (size_t)end, 0) == end);
    close(fd);
    *size = (size_t)end;
    return bytes;
}

static void write_copy(const char *bytes, size_t size) {
    int fd = open(COPY, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
}

/* Cut, or with each byte of its header changed: right or nothing, and no step outside the file. */
static void survives(void) {
    struct oq_wanted right = wanted();
    size_t size;
    char *bytes = own_file(&size);
    for (size_t cut = 1; cut < size; cut += STEP) {
        write_copy(bytes, cut);
        CHECK(oq_symbol(COPY, &right) == NULL);
    }
    for (size_t at = 0; at < 64; at++) {
        for (int with = 1; with < 256; with <<= 1) {
            bytes[at] ^= (char)with;
            write_copy(bytes, size);
            void *found = oq_symbol(COPY, &right);
            CHECK(found == NULL || found == (void *)&hidden_variable);
            bytes[at] ^= (char)with;
        }
    }
    unlink(COPY);
    free(bytes);
}

int main(void) {
    finds();
    survives();
    printf("symbols_test: passed\n");
    return 0;
}
