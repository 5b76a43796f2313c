/**
 * Small programs that wait in plain blocking JDK calls and know nothing of the agent.
 *
 * <p>They run in JVMs of their own, loaded by the system class loader; every thread in them is a
 * platform thread that the program itself started, unless it is asked for virtual ones.
 */
package onequeue.sample;
