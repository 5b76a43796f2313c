/**
 * The agent's doorstep: the only classes of onequeue that the application's class path shows.
 *
 * <p>Loader: the system loader. Threads: the one that starts the program. Imports java.base and
 * java.instrument only.
 */
package onequeue.launch;
