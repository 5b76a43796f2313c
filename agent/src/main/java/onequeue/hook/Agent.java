package onequeue.hook;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import onequeue.config.Mode;
import onequeue.config.Options;
import onequeue.control.StatusText;
import onequeue.nativehelper.Features;
import onequeue.nativehelper.HelperException;
import onequeue.nativehelper.NativeHelper;
import onequeue.nativehelper.Platform;
import onequeue.queue.Hooks;
import onequeue.queue.Native;

/** Starts the agent, once, on the thread that is about to run the program's {@code main}. */
public final class Agent {
  private static final Set<Integer> TESTED_JDKS = Set.of(17, 25);

  private Agent() {}

  /**
   * @param args the agent's options; may be null
   * @param jar the agent's own jar
   */
  public static void start(String args, Instrumentation instrumentation, File jar) {
    Options options = Options.parse(args);
    for (String complaint : options.complaints()) {
      say(complaint);
    }
    if (!options.enabled()) {
      return;
    }
    if (options.strict() && options.modeRefused()) {
      Runtime.getRuntime().halt(1);
    }
    if (attached()) {
      say("attached twice; the first one stays, name the jar in one -javaagent option only");
      return;
    }
    try {
      String refusal = refusal();
      if (refusal != null) {
        throw new IllegalStateException(refusal);
      }
      install(options, instrumentation, jar);
    } catch (Throwable e) {
      say("not attached, the program runs as without it: " + text(e));
      if (options.strict()) {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private static void install(Options options, Instrumentation instrumentation, File jar)
      throws Exception {
    long start = System.nanoTime();
    grantNativeAccess(instrumentation);
    Mode mode = options.mode();
    boolean onCarriers = mode != Mode.OBSERVE && canSwitch(instrumentation);
    if (mode == Mode.COROUTINE && !onCarriers) {
      refuseCoroutine(options);
      mode = Mode.UNIFY;
    }
    Boot boot = new Boot(jar, instrumentation);
    boot.define("onequeue/queue/");
    // By name: until this read edge is there, no code of ours may mention the class.
    Module hooks = Class.forName("onequeue.queue.Native", false, null).getModule();
    Agent.class.getModule().addReads(hooks);
    NativeHelper helper = NativeHelper.load(options.nativeDirectory());
    Features features = helper.probe();
    helper.attach(Native.class, mode.number(), !features.has("epoll_pwait2"));
    Seams seams = new Seams();
    seams.install(options.stock());
    Native.answerReads(!options.stock().contains("wouldblock") && seams.followThreads());
    Map<String, String> rungs = new LinkedHashMap<>();
    rungs.put("child exit", ProcessHook.install(options, mode, features));
    if (onCarriers) {
      rungs.put(TransitionNotices.KEY, TransitionNotices.stop(options.stock()));
      Set<String> stock = new HashSet<>(options.stock());
      if (!seams.knowsOfCloses()) {
        stock.add(Group.FILE.key());
      }
      VirtualThreadHook.install(boot, instrumentation, options.carriers(), stock);
      if (mode == Mode.COROUTINE) {
        Hooks.firstVirtualThread();
        if (Hooks.scheduling == null) {
          mode = Mode.UNIFY; // it has said why
        } else {
          AdoptionHook.install(boot, instrumentation, options);
        }
      }
    }
    if (mode != Mode.OBSERVE) {
      EndHook.install(instrumentation);
    }
    // Last: what reports a wait has to stand around what routes it.
    JfrHook.install(boot, instrumentation, mode);
    Hooks.statusText =
        StatusText.write(mode, features, rungs, seams.report(), System.nanoTime() - start);
  }

  /** Whether the VM has virtual threads that leave their carrier. */
  private static boolean canSwitch(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    if (Runtime.version().feature() < Mode.COROUTINE_JDK) {
      return false;
    }
    Boot.open(instrumentation, "jdk.internal.vm");
    return (boolean)
        Class.forName("jdk.internal.vm.ContinuationSupport").getMethod("isSupported").invoke(null);
  }

  private static void refuseCoroutine(Options options) {
    say(
        "mode 'coroutine' needs virtual threads, which -XX:-VMContinuations has switched off;"
            + " running in mode unify");
    if (options.strict()) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static boolean attached() {
    try {
      Class.forName("onequeue.queue.Native", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String refusal() {
    if (!Platform.os().equals("linux")) {
      return "it needs Linux, this is " + Platform.os();
    }
    if (!Set.of("x86-64", "aarch64").contains(Platform.arch())) {
      return "it knows x86-64 and aarch64, this is " + Platform.arch();
    }
    int feature = Integer.getInteger("java.specification.version", 0);
    if (!TESTED_JDKS.contains(feature)) {
      return "it knows JDK 17 and 25, this is " + feature + "; use one of these";
    }
    return null;
  }

  /** JNA loads its library from here; without this JDK 24 and later print a warning. */
  private static void grantNativeAccess(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Boot.open(instrumentation, "java.lang");
    var grant = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
    grant.setAccessible(true);
    grant.invoke(Agent.class.getModule());
  }

  private static String text(Throwable e) {
    boolean forTheUser = e instanceof HelperException || e instanceof IllegalStateException;
    return forTheUser ? e.getMessage() : e.toString();
  }

  private static void say(String line) {
    System.err.println("onequeue: " + line);
  }
}
