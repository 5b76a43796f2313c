/**
 * Servers and libraries that people use, each with a client in the same process: plain programs
 * that know nothing of the agent.
 *
 * <p>Each prints what the client saw, ends the server in its own way and then returns from main.
 */
package onequeue.it.servers;
