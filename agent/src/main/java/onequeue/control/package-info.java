/**
 * The status page: what a running agent shows to those who look from outside.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent, or the tool's own.
 */
package onequeue.control;
