/**
 * Finds, unpacks and loads the native helper, and asks it what the kernel allows.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent.
 */
package onequeue.nativehelper;
