/**
 * An HTTP load client, cheap enough to share a small machine with the server it loads.
 *
 * <p>One thread and one selector drive all connections. It connects to 127.0.0.1 only and ends by
 * itself. It has two ways to ask. Without a rate it asks for the next answer when it has the last
 * one: that says how fast a server is when busy, not how long users queue. At a fixed rate it asks
 * when the time has come and counts the latency from then; it spins meanwhile and takes a whole
 * core.
 */
package onequeue.load;
