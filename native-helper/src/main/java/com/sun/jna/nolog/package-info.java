/**
 * Stands in for java.util.logging in our copy of JNA; the build puts it there, a package name of
 * the same length.
 *
 * <p>JNA's first touch of java.util.logging would fix the log manager of the VM before the
 * program's {@code main} could choose one. Loader: the isolated one.
 */
package com.sun.jna.nolog;
