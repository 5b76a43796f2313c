package onequeue.carrier;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import onequeue.queue.Hooks;
import onequeue.queue.Native;

/**
 * What {@code status} shows of carriers and adoption: lines behind those of the start, in the same
 * form. Written by the steward, at most once a second, and before it sleeps.
 */
final class Report {
  private static final int GROUPS_MAX = 300;
  private static final String OTHERS = "others";

  /** By what was decided, class and name, digits in it as *. */
  private static final Map<String, AtomicLong> THREADS = new ConcurrentHashMap<>();

  private static final AtomicLong ADOPTED = new AtomicLong();

  /** Whether there is something to write, though no carrier runs. */
  private static volatile boolean due;

  private Report() {}

  static void adopted(Thread handle) {
    ADOPTED.incrementAndGet();
    count("adopted", handle);
    record(handle, null);
  }

  static void left(Thread thread, String reason) {
    if (thread.getClass().getPackage() == Report.class.getPackage()) {
      return; // our own
    }
    count("not adopted: " + reason, thread);
    due = true;
    Steward.wake();
    record(thread, reason);
  }

  private static void record(Thread thread, String reasonNot) {
    if (Hooks.recording) {
      Hooks.reports.started(thread, reasonNot);
    }
  }

  private static void count(String decision, Thread thread) {
    String key = decision + "\t" + thread.getClass().getName() + "\t" + pattern(thread.getName());
    AtomicLong count = THREADS.get(key);
    if (count == null) {
      boolean full = THREADS.size() >= GROUPS_MAX;
      String group = full ? decision + "\t" + OTHERS + "\t*" : key;
      count = THREADS.computeIfAbsent(group, k -> new AtomicLong());
    }
    count.incrementAndGet();
  }

  /** Names of a pool's threads differ by a number: {@code pool-1-thread-7} is pool-*-thread-*. */
  private static String pattern(String name) {
    StringBuilder pattern = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        pattern.append(c < ' ' ? ' ' : c);
      } else if (i == 0 || pattern.charAt(pattern.length() - 1) != '*') {
        pattern.append('*');
      }
    }
    return pattern.toString();
  }

  static boolean isDue() {
    return due;
  }

  static void write() {
    due = false; // first: what is counted from here on is for the next time
    if (Hooks.statusText.isEmpty()) {
      return; // the agent is still starting
    }
    StringBuilder text = new StringBuilder(Hooks.statusText);
    Carriers.describe(text);
    FileCalls.describe(text);
    Helpers.describe(text);
    // There are no other threads of the JDK's own so far.
    text.append("carriers\twatch services\t").append(Hooks.UNREPORTED.size()).append('\n');
    text.append("carriers\tadopted threads\t").append(Adoption.live().size()).append('\n');
    text.append("carriers\tadopted so far\t").append(ADOPTED).append('\n');
    THREADS.forEach(
        (group, count) ->
            text.append("thread\t").append(count).append('\t').append(group).append('\n'));
    Native.text(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
