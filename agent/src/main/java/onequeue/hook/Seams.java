package onequeue.hook;

import java.io.FileDescriptor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import onequeue.queue.Native;

/**
 * Installs the seams of the running JDK, group by group, and keeps what became of each.
 *
 * <p>A seam that is not as expected stays stock, and with it its group; nothing else is touched.
 */
final class Seams {
  /**
   * Their originals would wait, signal a thread, or need more than a dead descriptor; to call those
   * of Unix domain sockets would start SecureRandom in every program.
   */
  private static final Set<Seam> NOT_CALLED =
      EnumSet.of(
          Seam.WATCH,
          Seam.SIGNAL,
          Seam.CLOSE_IO,
          Seam.CONNECT,
          Seam.CONNECT_UNIX,
          Seam.ACCEPT_UNIX,
          Seam.SOCKET_UNIX,
          Seam.FILE_TRANSFER,
          Seam.LOOKUP6,
          Seam.LOOKUP4,
          Seam.REVERSE6,
          Seam.REVERSE4);

  private static final Set<Group> FOLLOWED =
      EnumSet.of(
          Group.CLOSE,
          Group.PARK,
          Group.SLEEP,
          Group.SELECT,
          Group.INTEREST,
          Group.POLL,
          Group.READ,
          Group.WRITE);

  private final Map<Seam, String> states = new EnumMap<>(Seam.class);
  private final Map<Seam, Seam.Site> bound = new EnumMap<>(Seam.class);
  private final FileDescriptor none = new FileDescriptor();

  /** By {@code number<TAB>Class.method}: {@code installed}, or {@code stock (why)}. */
  Map<String, String> report() {
    Map<String, String> report = new LinkedHashMap<>();
    for (Map.Entry<Seam, String> entry : states.entrySet()) {
      Seam seam = entry.getKey();
      Seam.Site site = bound.getOrDefault(seam, seam.sites().get(0));
      report.put(seam.ordinal() + "\t" + site.className() + "." + site.method(), entry.getValue());
    }
    return report;
  }

  /**
   * @param stock the keys of the groups that the user wants left alone
   */
  void install(Set<String> stock) {
    for (Group group : Group.values()) {
      if (stock.contains(group.key())) {
        leave(group, "stock (switched off by the option stock)");
      } else if (group.onDescriptor() && !installed(Group.CLOSE)) {
        leave(group, "stock (needs the seams of `close`)");
      } else if (group == Group.INTEREST && !installed(Group.SELECT)) {
        leave(group, "stock (needs the seams of `select`)");
      } else {
        install(group);
      }
    }
  }

  /** Whether what is known of a descriptor number can be forgotten in time. */
  boolean knowsOfCloses() {
    return installed(Group.CLOSE);
  }

  /** Whether all is seen by which a thread can learn that something has come. */
  boolean followThreads() {
    return FOLLOWED.stream().allMatch(this::installed);
  }

  private void install(Group group) {
    for (Seam seam : group.needed()) {
      if (!bound.containsKey(seam) && !bind(seam)) {
        for (Seam other : group.needed()) {
          unbind(other);
        }
        leave(group, "stock (" + seam + ": " + states.get(seam) + ")");
        return;
      }
    }
    for (Seam seam : group.optional()) {
      bind(seam);
    }
  }

  private boolean installed(Group group) {
    return bound.keySet().containsAll(group.needed());
  }

  private void leave(Group group, String state) {
    for (Seam seam : group.needed()) {
      states.putIfAbsent(seam, state);
    }
    for (Seam seam : group.optional()) {
      states.putIfAbsent(seam, state);
    }
  }

  private boolean bind(Seam seam) {
    String why = "no such native in this JDK";
    for (Seam.Site site : seam.sites()) {
      Class<?> type = find(site.className());
      if (type == null) {
        continue;
      }
      int r = bind(seam, type, site, true);
      if (r == 0 && answers(seam, type, site)) {
        bound.put(seam, site);
        states.put(seam, "installed");
        return true;
      }
      if (r == 0) {
        bind(seam, type, site, false);
        why = "self-test: the hook was not called";
      }
    }
    states.put(seam, "stock (" + why + ")");
    return false;
  }

  private void unbind(Seam seam) {
    Seam.Site site = bound.remove(seam);
    if (site != null) {
      bind(seam, find(site.className()), site, false);
      states.remove(seam);
    }
  }

  private static int bind(Seam seam, Class<?> type, Seam.Site site, boolean ours) {
    return Native.bind(
        seam.ordinal(), type, site.className(), site.method(), site.descriptor(), ours);
  }

  private boolean answers(Seam seam, Class<?> type, Seam.Site site) {
    if (NOT_CALLED.contains(seam)) {
      return true;
    }
    long before = Native.fired(seam.ordinal());
    SelfTest.call(seam, type, site, none);
    return Native.fired(seam.ordinal()) > before;
  }

  private static Class<?> find(String className) {
    try {
      return Class.forName(className, false, null);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }
}
