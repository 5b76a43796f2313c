/**
 * What hooks call while the program runs.
 *
 * <p>Loader: the boot loader, by injection. Threads: any, in the middle of a wait; so no locks, no
 * allocation, no class loading. Imports java.base only.
 */
package onequeue.queue;
