package onequeue.it.programs;

import static onequeue.it.programs.AdoptionThreads.tell;

import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Waits on a socket for the first time when there is no descriptor left. */
public final class BadFirstWait {
  private BadFirstWait() {}

  /**
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      client.setSoTimeout(5);
      AdoptionThreads.run("first wait", () -> run(client));
    }
  }

  private static void run(Socket client) throws Exception {
    List<FileInputStream> taken = new ArrayList<>();
    tell(
        "no more",
        () -> {
          while (true) {
            taken.add(new FileInputStream("/dev/null"));
          }
        });
    tell("read", () -> client.getInputStream().read());
    tell("again", () -> client.getInputStream().read());
    for (FileInputStream each : taken) {
      each.close();
    }
    tell("read", () -> client.getInputStream().read());
  }
}
