/**
 * The events of a recording, one type a kind of wait, and the recorder that the native helper
 * calls.
 *
 * <p>Loader: the boot loader, by injection, when Flight Recorder first starts; a program that never
 * records never loads them. Threads: the one that waits. Imports java.base and jdk.jfr only.
 */
package onequeue.event;
