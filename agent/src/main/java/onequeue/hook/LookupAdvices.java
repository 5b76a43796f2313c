package onequeue.hook;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import onequeue.carrier.LookupCalls;

/** Code that is copied into the JDK's own resolver of names, JDK 25, for virtual threads. */
final class LookupAdvices {
  private LookupAdvices() {}

  @Weaver.Into(
      "lookupByName(Ljava/lang/String;Ljava/net/spi/InetAddressResolver$LookupPolicy;)"
          + "Ljava/util/stream/Stream;")
  static final class ByName {
    private ByName() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(@Advice.This Object resolver, @Advice.AllArguments Object[] args) {
      return LookupCalls.byName(resolver, args[0], args[1]);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter Object ours,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object result) {
      if (ours != null) {
        result = ours;
      }
    }
  }

  @Weaver.Into("lookupByAddress([B)Ljava/lang/String;")
  static final class ByAddress {
    private ByAddress() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static Object enter(@Advice.This Object resolver, @Advice.Argument(0) byte[] address) {
      return LookupCalls.byAddress(resolver, address);
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter Object ours,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object result) {
      if (ours != null) {
        result = ours;
      }
    }
  }
}
