/**
 * Virtual threads on our own carriers: run queues, timers, readiness, adoption.
 *
 * <p>Loader: the boot loader, by injection, when the program makes its first virtual thread (at
 * start in mode coroutine). Threads: carriers, and virtual threads in the middle of a wait; so no
 * locks that can be contended, no class loading. Imports java.base only; runs on JDK 24 and later,
 * though it is compiled against 17.
 */
package onequeue.carrier;
