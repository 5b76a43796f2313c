/**
 * The demonstration: the same unmodified server with and without the agent, in one command.
 *
 * <p>Runs in a JVM of its own, in its main thread; the servers run in child processes.
 */
package onequeue.demo;
