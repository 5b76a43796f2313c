/**
 * A second agent, for tests alone: breaks one thing in the scheduler, which a test must then
 * notice. In the system loader.
 */
package onequeue.it.breaker;
