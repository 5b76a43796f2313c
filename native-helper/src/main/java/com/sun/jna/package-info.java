/**
 * What has to stand beside JNA's own classes to reach its inner natives.
 *
 * <p>Loader: the isolated one. Threads: the one that starts the agent.
 */
package com.sun.jna;
