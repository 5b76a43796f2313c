package onequeue.carrier;

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import onequeue.queue.Kind;

/**
 * Names that virtual threads ask for: the C library waits for the name server on a descriptor of
 * its own, so a helper makes the JDK's own call while they are parked. What the advice in the JDK's
 * resolver calls; null leaves the call to the JDK. The cache of addresses is above this.
 */
public final class LookupCalls {
  private static final Class<?> RESOLVER = Jdk.type("java.net.InetAddress$PlatformResolver");
  private static final Method BY_NAME =
      Jdk.method(
          RESOLVER,
          "lookupByName",
          String.class,
          Jdk.type("java.net.spi.InetAddressResolver$LookupPolicy"));
  private static final Method BY_ADDRESS = Jdk.method(RESOLVER, "lookupByAddress", byte[].class);

  private static final Helpers HELPERS = Helpers.NAMES;
  private static final int NO_DESCRIPTOR = -1;

  private LookupCalls() {}

  /** As PlatformResolver.lookupByName. */
  public static Object byName(Object resolver, Object host, Object policy) {
    Coroutine me = VirtualThreads.coroutine(Thread.currentThread());
    return me == null || host == null
        ? null
        : perform(me, String.valueOf(host), new HelperCall(BY_NAME, resolver, host, policy));
  }

  /** As PlatformResolver.lookupByAddress. */
  public static Object byAddress(Object resolver, byte[] address) {
    Coroutine me = VirtualThreads.coroutine(Thread.currentThread());
    String text = me == null ? null : text(address);
    return text == null ? null : perform(me, text, new HelperCall(BY_ADDRESS, resolver, address));
  }

  private static Object perform(Coroutine me, String resource, HelperCall call) {
    return call.perform(HELPERS, Kind.LOOKUP, me, NO_DESCRIPTOR, resource);
  }

  /** Null when it is no address. */
  private static String text(byte[] address) {
    try {
      return address == null ? null : InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
