/**
 * What the user asks for: options, modes, their defaults and texts.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent, or the tool's own.
 */
package onequeue.config;
