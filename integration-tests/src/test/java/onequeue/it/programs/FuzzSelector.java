package onequeue.it.programs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A selector, held against the kernel: what is ready must be reported, at once. What is reported
 * without being ready is counted, and left out of the history.
 */
final class FuzzSelector {
  /** How to ask. */
  enum How {
    NOW,
    TIMED,
    WAIT,
    NOW_EACH,
    TIMED_EACH,
    WAIT_EACH
  }

  /** Readiness that was reported and was none, by all selectors. */
  static int spurious;

  private static final Comparator<SelectionKey> BY_NAME = Comparator.comparing(key -> of(key).name);

  final Selector selector = Selector.open();
  private final String name;

  /** The operations of selected keys that should not be among their ready ones. */
  private final Map<SelectionKey, Integer> wrong = new HashMap<>();

  FuzzSelector(String name) throws IOException {
    this.name = name;
  }

  private static FuzzChannel of(SelectionKey key) {
    return (FuzzChannel) key.attachment();
  }

  /** Of all keys, in the order of their names. */
  List<SelectionKey> keys() {
    List<SelectionKey> keys = new ArrayList<>(selector.keys());
    keys.sort(BY_NAME);
    return keys;
  }

  /** What the kernel says of the keys that are not cancelled. */
  Map<SelectionKey, Integer> ready() {
    Map<SelectionKey, Integer> ready = new HashMap<>();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid()) {
        ready.put(key, of(key).ready(key.interestOps()));
      }
    }
    return ready;
  }

  boolean hasReady() {
    return ready().values().stream().anyMatch(ops -> ops != 0);
  }

  /** Asks once. Only when something is ready, or a wakeup is due, does it wait without end. */
  String select(How how, boolean due) throws IOException {
    Map<SelectionKey, Integer> before = ready();
    boolean wait = due || before.values().stream().anyMatch(ops -> ops != 0);
    How really = wait || how.ordinal() % 3 != 2 ? how : How.values()[how.ordinal() - 1];
    if (really.ordinal() >= 3) {
      return name + " " + how + each(really, before);
    }
    Map<SelectionKey, Integer> selected = selected();
    int n =
        really == How.NOW
            ? selector.selectNow()
            : really == How.TIMED
                ? selector.select(1)
                : selector.select(ChannelFuzz.PATIENCE_NANOS / 1_000_000);
    return name + " " + how + told(n, selected, before);
  }

  private Map<SelectionKey, Integer> selected() {
    Map<SelectionKey, Integer> selected = new HashMap<>();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        selected.put(key, key.readyOps());
      }
    }
    return selected;
  }

  /** What was ready before and after, but for what is so by chance. */
  private Map<SelectionKey, Integer> must(Map<SelectionKey, Integer> before) {
    Map<SelectionKey, Integer> must = ready();
    must.replaceAll((key, ops) -> ops & before.getOrDefault(key, 0) & ~of(key).unstable());
    return must;
  }

  private String told(
      int n, Map<SelectionKey, Integer> selected, Map<SelectionKey, Integer> before) {
    Map<SelectionKey, Integer> must = must(before);
    int updated = 0;
    int rightly = 0;
    StringJoiner lost = new StringJoiner(" ", " LOST ", "").setEmptyValue("");
    wrong.keySet().retainAll(selected.keySet());
    for (SelectionKey key : keys()) {
      if (!key.isValid()) {
        continue;
      }
      boolean was = selected.containsKey(key);
      boolean is = selector.selectedKeys().contains(key);
      int old = selected.getOrDefault(key, 0);
      int now = is ? key.readyOps() : 0;
      updated += is && (!was || now != old) ? 1 : 0;
      int fresh = must.getOrDefault(key, 0);
      int right = old & ~wrong.getOrDefault(key, 0);
      rightly += (right | fresh) != right || !was && fresh != 0 ? 1 : 0;
      int excess = now & ~(right | fresh);
      spurious += (excess & ~old & ~may(key, before)) != 0 ? 1 : 0;
      wrong.put(key, excess);
      if ((fresh & ~now) != 0) {
        lost.add(of(key).name + ":" + (fresh & ~now));
      }
      if (is && (right | fresh) == 0) {
        selector.selectedKeys().remove(key);
        wrong.remove(key);
      }
    }
    return " " + rightly + keysToString() + lost + (updated == n ? "" : " COUNT " + (n - updated));
  }

  /** What was ready before or is so now, or is so by chance. */
  private static int may(SelectionKey key, Map<SelectionKey, Integer> before) {
    int now = key.isValid() ? of(key).ready(key.interestOps()) : 0;
    return now | before.getOrDefault(key, 0) | of(key).unstable();
  }

  private String keysToString() {
    StringJoiner all = new StringJoiner(" ", " {", "}");
    for (SelectionKey key : keys()) {
      String ready = "";
      if (selector.selectedKeys().contains(key)) {
        ready = key.isValid() ? "=" + (key.readyOps() & ~wrong.getOrDefault(key, 0)) : "=-";
      }
      all.add(of(key).name + "/" + (key.isValid() ? key.interestOps() : "-") + ready);
    }
    return all.toString();
  }

  private String each(How how, Map<SelectionKey, Integer> before) throws IOException {
    selector.selectedKeys().clear();
    Map<SelectionKey, Integer> told = new HashMap<>();
    int[] calls = new int[1];
    int n;
    switch (how) {
      case NOW_EACH:
        n = selector.selectNow(key -> calls[0] += told.put(key, key.readyOps()) == null ? 1 : 100);
        break;
      case TIMED_EACH:
        n = selector.select(key -> calls[0] += told.put(key, key.readyOps()) == null ? 1 : 100, 1);
        break;
      default:
        n =
            selector.select(
                key -> calls[0] += told.put(key, key.readyOps()) == null ? 1 : 100,
                ChannelFuzz.PATIENCE_NANOS / 1_000_000);
    }
    Map<SelectionKey, Integer> must = must(before);
    StringJoiner all = new StringJoiner(" ", " {", "}");
    StringJoiner lost = new StringJoiner(" ", " LOST ", "").setEmptyValue("");
    for (SelectionKey key : keys()) {
      int fresh = must.getOrDefault(key, 0);
      int now = told.getOrDefault(key, 0);
      spurious += (now & ~may(key, before)) != 0 ? 1 : 0;
      all.add(
          of(key).name
              + "/"
              + (key.isValid() ? key.interestOps() : "-")
              + (fresh != 0 ? "=" + fresh : ""));
      if ((fresh & ~now) != 0) {
        lost.add(of(key).name + ":" + (fresh & ~now));
      }
    }
    return " " + all + lost + (calls[0] == n ? "" : " COUNT " + n + " for " + calls[0]);
  }
}
