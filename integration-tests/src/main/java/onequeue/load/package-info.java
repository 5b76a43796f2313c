/**
 * A closed-loop HTTP load client, cheap enough to share a small machine with the server it loads.
 *
 * <p>One thread and one selector drive all connections. It connects to 127.0.0.1 only and ends by
 * itself. Being closed-loop, it asks for the next answer when it has the last one: it says how fast
 * a server is when busy, not how long users queue at a fixed rate of arrivals.
 */
package onequeue.load;
