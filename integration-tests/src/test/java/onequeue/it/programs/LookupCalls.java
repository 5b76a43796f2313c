package onequeue.it.programs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** Names and addresses that threads of a kind look up; prints what they get. */
public final class LookupCalls {
  private static final int CROWD = 100;

  private LookupCalls() {}

  public static void main(String[] args) throws Exception {
    show("localhost", () -> all("localhost"));
    show("IPv4 literal", () -> all("192.0.2.1"));
    show("IPv6 literal", () -> all("2001:db8::7"));
    show("unknown", () -> all("nothing.invalid"));
    show("unknown again", () -> all("nothing.invalid"));
    show("where it failed", LookupCalls::failure);
    show("no name", () -> all("no such name"));
    show("own", () -> all(InetAddress.getLocalHost().getHostName()));
    show("reverse IPv4", () -> name(127, 0, 0, 1));
    show("reverse IPv6", () -> name(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    show("reverse unknown", () -> name(192, 0, 2, 7));
    show(
        "interrupted",
        () -> {
          Thread.currentThread().interrupt();
          return all("localhost");
        });
    crowd();
  }

  private static void show(String name, Callable<?> call) throws Exception {
    System.out.println(name + ": " + FilesThreads.start(call).end());
  }

  private static String all(String host) throws UnknownHostException {
    return Arrays.toString(InetAddress.getAllByName(host));
  }

  /** The JDK's frames of the exception, without line numbers. */
  private static String failure() {
    try {
      return all("gone.invalid");
    } catch (UnknownHostException e) {
      StringBuilder frames = new StringBuilder();
      for (StackTraceElement frame : e.getStackTrace()) {
        if (!frame.getClassName().startsWith("java.net.")) {
          break;
        }
        frames.append(frame.getClassName()).append('.').append(frame.getMethodName()).append(' ');
      }
      return frames.toString();
    }
  }

  private static String name(int... bytes) throws UnknownHostException {
    byte[] address = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      address[i] = (byte) bytes[i];
    }
    return InetAddress.getByAddress(address).getCanonicalHostName();
  }

  private static void crowd() throws Exception {
    List<FilesThreads> threads = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      threads.add(FilesThreads.start(() -> InetAddress.getByName("localhost").isLoopbackAddress()));
    }
    int right = 0;
    for (FilesThreads thread : threads) {
      right += thread.end().equals("true") ? 1 : 0;
    }
    System.out.println("crowd: " + right);
  }
}
