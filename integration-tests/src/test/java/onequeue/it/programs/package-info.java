/** The programs under test: plain JDK code that knows nothing of the agent. */
package onequeue.it.programs;
