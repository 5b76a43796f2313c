/**
 * Tests that fork JVMs with the packaged agent, on every JDK and in every mode.
 *
 * <p>The same program runs stock and attached; what it prints must be the same.
 */
package onequeue.it;
