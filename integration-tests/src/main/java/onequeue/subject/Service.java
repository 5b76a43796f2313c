package onequeue.subject;

import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What all subjects have in common: the answer, quiet logs, a beginning and an end. */
final class Service {
  private static final String TEXT = "Hello, world\n";

  private Service() {}

  /** The body of the answer; the caller's own copy. */
  static byte[] text() {
    return TEXT.getBytes(StandardCharsets.US_ASCII);
  }

  /** Lets the libraries log warnings and worse only; they all log to {@code java.util.logging}. */
  static void logQuietly() {
    Logger.getLogger("").setLevel(Level.WARNING);
  }

  /**
   * Says that the server is there, and has it ended on SIGTERM.
   *
   * @param port on 127.0.0.1
   * @param end called once, in a thread of the VM's shutdown
   */
  static void started(int port, AutoCloseable end) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(end), "end-service"));
    System.out.println("listening on 127.0.0.1:" + port);
  }

  private static void end(AutoCloseable end) {
    try {
      end.close();
    } catch (Exception failure) {
      System.err.println("the server did not end well: " + failure);
    }
  }
}
