/**
 * Well-known servers, as their own defaults have them, each giving one small answer.
 *
 * <p>Each runs in a JVM of its own: {@code main} prints {@code listening on 127.0.0.1:PORT}, then
 * {@code GET /hello} is answered until SIGTERM. Like the programs of {@code onequeue.sample} they
 * know nothing of the agent.
 */
package onequeue.subject;
