/**
 * Installs the agent: finds the seams of the running JDK, puts our natives there, tests each.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent, or the tool's own.
 */
package onequeue.hook;
