package onequeue.sample.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** Keep-alive connections to the backend: at most 16 in use, more callers wait. Any thread. */
final class BackendPool implements AutoCloseable {
  private static final int MOST_IN_USE = 16;

  private final int port;
  private final Semaphore permits = new Semaphore(MOST_IN_USE);
  private final ConcurrentLinkedDeque<BackendConnection> idle = new ConcurrentLinkedDeque<>();

  BackendPool(int port) {
    this.port = port;
  }

  /**
   * Asks the backend.
   *
   * @param path what for
   * @return the body of the answer
   * @throws IOException when there is no good answer in five seconds
   */
  byte[] get(String path) throws IOException {
    try {
      permits.acquire();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    try {
      return getWithPermit(path);
    } finally {
      permits.release();
    }
  }

  private byte[] getWithPermit(String path) throws IOException {
    BackendConnection used = idle.pollFirst();
    if (used != null) {
      try {
        return getThrough(used, path);
      } catch (IOException stale) {
        // The backend may end an idle connection at any time: once more, on a new one.
      }
    }
    return getThrough(new BackendConnection(port), path);
  }

  private byte[] getThrough(BackendConnection connection, String path) throws IOException {
    try {
      byte[] body = connection.get(path);
      idle.addFirst(connection);
      return body;
    } catch (IOException failure) {
      connection.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    idle.forEach(BackendConnection::close);
  }
}
