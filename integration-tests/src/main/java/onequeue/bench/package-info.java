/**
 * Comparisons of the same unmodified program with and without the agent, side by side in one run.
 *
 * <p>Every side runs in a JVM of its own, started and ended here; the sides take turns, and the
 * order is reversed from round to round, so that a drift of the machine touches all alike. The
 * runner uses one thread, plus one per child process to read its output. Linux only: counters come
 * from {@code /proc}.
 */
package onequeue.bench;
