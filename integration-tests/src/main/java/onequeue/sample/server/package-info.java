/**
 * The web server of Jamie Lokier's 2002 mail, in plain JDK code that knows nothing of the agent.
 *
 * <p>It waits for connections, requests, slow readers, a backend, timers, locks and changes of
 * files, each in the way the JDK offers, and each in a platform thread: one that accepts, one per
 * connection, one that watches the files, one that shuts idle connections. In its other form a
 * selector and a pool of workers take the place of the threads of connections; the rest is the
 * same. The system class loader loads it.
 */
package onequeue.sample.server;
