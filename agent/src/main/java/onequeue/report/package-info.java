/**
 * The command line tool.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent, or the tool's own.
 */
package onequeue.report;
