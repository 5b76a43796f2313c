package onequeue.sample.server;

import java.io.IOException;

/** A request that is answered with an error and the end of its connection. */
final class BadRequestException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  BadRequestException(int status) {
    super("status " + status);
    this.status = status;
  }

  int status() {
    return status;
  }
}
