package onequeue.hook;

import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;

/**
 * Lets virtual threads on our carriers wait for a name server without a carrier. Put in with the
 * first virtual thread; if it cannot be, lookups hold the carrier as in stock.
 */
final class LookupHook {
  private static final Map<String, List<Class<?>>> ADVICE =
      Map.of(
          "java/net/InetAddress$PlatformResolver",
          List.of(LookupAdvices.ByName.class, LookupAdvices.ByAddress.class));

  private LookupHook() {}

  /** After the classes of onequeue.carrier are defined. */
  static void install(Instrumentation instrumentation) {
    try {
      JavaBase.open(instrumentation, "java.net");
      Class.forName("onequeue.carrier.LookupCalls", true, null);
      WovenTogether.weave(instrumentation, ADVICE);
    } catch (Throwable e) {
      System.err.println(
          "onequeue: name lookups hold the carrier of a virtual thread, as without us: "
              + (e.getCause() != null ? e.getCause() : e));
    }
  }
}
