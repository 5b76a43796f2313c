/* In place of ring.c where liburing was missing when this was built. */
#include <errno.h>

#include "queue.h"

int oq_ring_open(void) { return -ENOTSUP; }

const char *oq_ring_trouble(void) { return "not built in"; }

int oq_ring_submit(const struct oq_ring_op *op) {
    (void)op;
    return -ENOTSUP;
}

int oq_ring_reap(int64_t *out, int max) {
    (void)out, (void)max;
    return 0;
}
