/**
 * Comparisons of the same unmodified program with and without the agent, and of servers with what
 * one would write in their place, side by side in one run.
 *
 * <p>Every side runs in a process of its own, started and ended here; the sides take turns, and the
 * order is reversed from round to round, so that a drift of the machine touches all alike. The
 * runner uses one thread, plus some that read what the children and {@code /proc} say. Linux only.
 * Of tools it takes gcc for the loop in C, taskset and nice for neighbours, perf to count system
 * calls.
 */
package onequeue.bench;
