package onequeue.sample.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;

/** Decides what a request gets and sends it. Shared by all connections; any thread. */
final class Responder {
  private final Site site;
  private final PageCache cache;
  private final BackendPool backend;

  Responder(Site site, PageCache cache, BackendPool backend) {
    this.site = site;
    this.cache = cache;
    this.backend = backend;
  }

  void respond(Request request, Connection to) throws IOException {
    if (request.path().equals("/hello")) {
      answer(request, to, 200, "text/plain", ascii("Hello at " + Instant.now() + "\n"));
      return;
    }
    try {
      Path file = site.find(request.path());
      if (Page.isTemplate(file)) {
        answerPage(request, to, cache.get(file));
      } else {
        sendFile(request, to, file);
      }
    } catch (NoSuchFileException missing) {
      answer(request, to, 404, "text/plain", ascii("404 " + reason(404) + "\n"));
    }
  }

  void refuse(BadRequestException bad, Connection to) throws IOException {
    byte[] body = ascii(bad.status() + " " + reason(bad.status()) + "\n");
    Request closing = new Request("GET", "/", false);
    answer(closing, to, bad.status(), "text/plain", body);
  }

  private void answerPage(Request request, Connection to, Page page) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = 200;
    for (Page.Part part : page.parts()) {
      if (part instanceof Page.Text text) {
        body.writeBytes(text.bytes());
      } else if (part instanceof Page.SubRequest sub) {
        try {
          body.writeBytes(backend.get(sub.path()));
        } catch (IOException failure) {
          status = 502;
          body.writeBytes(ascii("[" + sub.path() + " is not available]"));
        }
      }
    }
    answer(request, to, status, "text/html; charset=utf-8", body.toByteArray());
  }

  private static void sendFile(Request request, Connection to, Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      long size = file.size();
      to.write(head(request, 200, Site.contentType(path), size));
      if (!request.headOnly()) {
        to.transfer(file, size);
      }
    }
  }

  private static void answer(
      Request request, Connection to, int status, String contentType, byte[] body)
      throws IOException {
    ByteBuffer head = head(request, status, contentType, body.length);
    if (request.headOnly()) {
      to.write(head);
    } else {
      to.write(head, ByteBuffer.wrap(body));
    }
  }

  private static ByteBuffer head(Request request, int status, String contentType, long length) {
    String connection = request.keepAlive() ? "keep-alive" : "close";
    String head =
        "HTTP/1.1 "
            + (status + " " + reason(status))
            + ("\r\nContent-Type: " + contentType)
            + ("\r\nContent-Length: " + length)
            + ("\r\nConnection: " + connection)
            + "\r\n\r\n";
    return ByteBuffer.wrap(ascii(head));
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 431 -> "Request Header Fields Too Large";
      case 502 -> "Bad Gateway";
      default -> "Bad Request";
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
