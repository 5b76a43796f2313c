/* A twin of descriptor.c's oq_took_all, for tests alone: takes what was full for all there was. */
#include "queue.h"

bool oq_took_all(int fd, int64_t n, size_t size) {
    (void)fd, (void)size;
    return n != 0;
}
