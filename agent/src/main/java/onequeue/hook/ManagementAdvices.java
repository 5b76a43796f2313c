package onequeue.hook;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import onequeue.carrier.Management;

/** Code that is copied into sun.management.ThreadImpl, in mode coroutine. */
final class ManagementAdvices {
  private static final String INFO = "java/lang/management/ThreadInfo";

  private ManagementAdvices() {}

  @Weaver.Into("getThreadInfo([JI)[L" + INFO + ";")
  static final class Some {
    private Some() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Argument(0) long[] ids,
        @Advice.Argument(1) int depth,
        @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object[] infos) {
      Management.fill(ids, infos, depth);
    }
  }

  @Weaver.Into({"getThreadInfo([JZZ)[L" + INFO + ";", "getThreadInfo([JZZI)[L" + INFO + ";"})
  static final class SomeWithLocks {
    private SomeWithLocks() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Argument(0) long[] ids,
        @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object[] infos) {
      Management.fill(ids, infos, Integer.MAX_VALUE);
    }
  }

  @Weaver.Into("dumpAllThreads(ZZI)[L" + INFO + ";")
  static final class All {
    private All() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Argument(2) int depth,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object[] infos) {
      infos = Management.append(infos, depth);
    }
  }

  @Weaver.Into("getAllThreadIds()[J")
  static final class Ids {
    private Ids() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return(readOnly = false) long[] ids) {
      ids = Management.append(ids);
    }
  }

  @Weaver.Into("getThreadCount()I")
  static final class Count {
    private Count() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return(readOnly = false) int count) {
      count += Management.count(false);
    }
  }

  @Weaver.Into("getDaemonThreadCount()I")
  static final class Daemons {
    private Daemons() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return(readOnly = false) int count) {
      count += Management.count(true);
    }
  }
}
