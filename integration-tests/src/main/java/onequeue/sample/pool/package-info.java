/**
 * A server whose requests each wait for another service, as most do: a selector thread hands each
 * request to a thread of a pool, which calls the service over a blocking socket and then answers.
 *
 * <p>The service is a program of its own. Both know nothing of the agent and are loaded by the
 * system class loader.
 */
package onequeue.sample.pool;
