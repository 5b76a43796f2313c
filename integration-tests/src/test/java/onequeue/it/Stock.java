package onequeue.it;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import onequeue.it.AgentProcess.Result;

/** What programs do without the agent; each is run once, however often it is compared with. */
final class Stock {
  private static final Map<List<?>, Result> RESULTS = new ConcurrentHashMap<>();

  private Stock() {}

  static Result run(int jdk, List<String> vmOptions, String... program) {
    return RESULTS.computeIfAbsent(
        List.of(jdk, vmOptions, List.of(program)),
        key -> AgentProcess.run(jdk, vmOptions, program));
  }
}
