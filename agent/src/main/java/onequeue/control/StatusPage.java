package onequeue.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onequeue.nativehelper.NativeHelper;

/**
 * The status page as it was when it was read. Each number was current, all together are no
 * consistent snapshot. Immutable; any thread.
 *
 * <p>The words come from {@link StatusText}, the numbers from the native helper.
 */
public final class StatusPage {
  /** Offsets in bytes. Keep in sync with struct oq_page in onequeue.h; queue.c asserts them. */
  private static final int MAGIC_AT = 0;

  private static final int ABI_AT = 8;
  private static final int PORTS_MADE_AT = 16;
  private static final int PORTS_OPEN_AT = 20;
  private static final int PORT_BUDGET_AT = 24;
  private static final int PORTS_SPARE_AT = 28;
  private static final int SELECTORS_AT = 32;
  private static final int OVER_BUDGET_AT = 40;
  private static final int REBUILT_AT = 48;
  private static final int RECORDING_AT = 56;
  static final int TEXT_AT = 4096;
  static final int PORTS_AT = 64 * 1024;

  /** The array of ports: sizes and offsets in bytes. Keep in sync with struct oq_port, queue.h. */
  static final int PORT_SIZE = 1024;

  static final int PORTS_MAX = 65536;
  private static final int WAITS_AT = 104;
  private static final int FIRED_AT = 216;
  private static final int SAVED_AT = 736;
  private static final int ANSWERED_AT = 744;
  static final int SEAMS_MAX = 64;

  static final long MAGIC = 0x6575657565756e6fL;

  /** The names of onequeue.queue.Kind, whose class is not at hand in the command line tool. */
  static final List<String> KINDS =
      List.of(
          "accept",
          "connect",
          "read",
          "write",
          "datagram",
          "pipe",
          "select",
          "sleep",
          "park",
          "file",
          "watch",
          "process",
          "lookup",
          "idle");

  private final ByteBuffer page;
  private final List<String[]> text;
  private final long[] waits = new long[KINDS.size()];
  private final long[] fired = new long[SEAMS_MAX];
  private long saved;
  private long answered;

  /**
   * A place in the JDK where the agent stands, or would.
   *
   * @param name class and method of the native
   * @param state {@code installed}, or {@code stock (why)}
   * @param fired how often ours was called
   */
  public record SeamState(String name, String state, long fired) {}

  private StatusPage(ByteBuffer page) {
    this.page = page;
    this.text = lines(page);
  }

  /**
   * @param process for messages, for example {@code process 4711}
   */
  static StatusPage read(String process, FileChannel file) throws IOException, StatusException {
    ByteBuffer page = bytes(file, 0, PORTS_AT);
    if (page.getLong(MAGIC_AT) == 0) {
      throw starting(process);
    }
    int abi = page.getInt(ABI_AT);
    if (page.getLong(MAGIC_AT) != MAGIC || abi != NativeHelper.ABI) {
      throw new StatusException(
          process
              + " has a status page of another version of onequeue; use the onequeue.jar that it"
              + " was started with");
    }
    StatusPage status = new StatusPage(page);
    if (status.text.isEmpty()) {
      throw starting(process);
    }
    status.addPorts(file);
    return status;
  }

  /** One of {@code version}, {@code mode}, {@code jdk}, {@code start-ms}. */
  public String agent(String name) {
    return section("agent").getOrDefault(name, "unknown");
  }

  /** What the kernel has: {@code yes}, or {@code no: } and the reason, by feature. */
  public Map<String, String> features() {
    return section("feature");
  }

  /** What of it is in use, and where that is not the best, why; by purpose. */
  public Map<String, String> rungs() {
    return section("rung");
  }

  /** All seams, in the order of their numbers. */
  public List<SeamState> seams() {
    List<SeamState> seams = new ArrayList<>();
    for (String[] line : text) {
      if (line[0].equals("seam") && line.length == 4) {
        seams.add(new SeamState(line[2], line[3], fired[Integer.parseInt(line[1])]));
      }
    }
    return seams;
  }

  /** The figures of the carriers, by name; empty when none run. */
  public Map<String, String> carriers() {
    return section("carriers");
  }

  /**
   * Threads that the program started in mode coroutine.
   *
   * @param count how many with that name, digits in it as *
   * @param decision {@code adopted}, or {@code not adopted: } and the reason
   */
  public record Threads(String count, String decision, String className, String name) {}

  /** What was adopted, what was not and why. */
  public List<Threads> threads() {
    List<Threads> threads = new ArrayList<>();
    for (String[] line : text) {
      if (line[0].equals("thread") && line.length == 5) {
        threads.add(new Threads(line[1], line[2], line[3], line[4]));
      }
    }
    return threads;
  }

  /** How many waits there were since the agent started, by kind. */
  public Map<String, Long> waits() {
    Map<String, Long> byKind = new LinkedHashMap<>();
    for (int kind = 0; kind < waits.length; kind++) {
      byKind.put(KINDS.get(kind), waits[kind]);
    }
    return byKind;
  }

  /** Threads that have a port in the tree now: a descriptor each. */
  public int portsOpen() {
    return page.getInt(PORTS_OPEN_AT);
  }

  /** Descriptors that ended threads left for the next ones. */
  public int portsSpare() {
    return page.getInt(PORTS_SPARE_AT);
  }

  /** How many threads may have a port. */
  public int portBudget() {
    return page.getInt(PORT_BUDGET_AT);
  }

  /** Waits that stayed stock because that number was reached. */
  public long overBudget() {
    return page.getLong(OVER_BUDGET_AT);
  }

  /** Ports that were made anew because a closed descriptor had left its registration behind. */
  public long rebuilt() {
    return page.getLong(REBUILT_AT);
  }

  /** The program's selectors that joined the tree since the agent started. */
  public int selectors() {
    return page.getInt(SELECTORS_AT);
  }

  /** Changes of interest that the program's selectors made and the kernel was not told of. */
  public long saved() {
    return saved;
  }

  /** Reads that would have blocked, answered without the kernel. */
  public long answered() {
    return answered;
  }

  /** Whether a flight recording runs, so that waits are reported. */
  public boolean recording() {
    return page.getLong(RECORDING_AT) != 0;
  }

  private Map<String, String> section(String section) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String[] line : text) {
      if (line[0].equals(section) && line.length == 3) {
        byName.put(line[1], line[2]);
      }
    }
    return byName;
  }

  private void addPorts(FileChannel file) throws IOException {
    int made = Math.max(0, Math.min(page.getInt(PORTS_MADE_AT), PORTS_MAX));
    for (int i = 0; i < made; i++) {
      ByteBuffer port = bytes(file, PORTS_AT + (long) i * PORT_SIZE, PORT_SIZE);
      for (int kind = 0; kind < waits.length; kind++) {
        waits[kind] += port.getLong(WAITS_AT + kind * Long.BYTES);
      }
      for (int seam = 0; seam < fired.length; seam++) {
        fired[seam] += port.getLong(FIRED_AT + seam * Long.BYTES);
      }
      saved += port.getLong(SAVED_AT);
      answered += port.getLong(ANSWERED_AT);
    }
  }

  private static List<String[]> lines(ByteBuffer page) {
    int end = TEXT_AT;
    while (end < page.limit() && page.get(end) != 0) {
      end++;
    }
    String text = new String(page.array(), TEXT_AT, end - TEXT_AT, StandardCharsets.UTF_8);
    return text.lines().map(line -> line.split("\t")).toList();
  }

  /** What lies beyond the end of the file reads as zeros. */
  private static ByteBuffer bytes(FileChannel file, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) > 0) {
      // more to come
    }
    return bytes.clear();
  }

  private static StatusException starting(String process) {
    return new StatusException(process + ": the agent is still starting; try again");
  }
}
