package onequeue.sample.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;

/** Decides what a request gets. Shared by all connections; any thread. */
final class Responder {
  private final Site site;
  private final PageCache cache;
  private final BackendPool backend;

  Responder(Site site, PageCache cache, BackendPool backend) {
    this.site = site;
    this.cache = cache;
    this.backend = backend;
  }

  /** Made by the end of the call, which may wait for the disk and the backend. */
  Answer respond(Request request) throws IOException {
    if (request.path().equals("/hello")) {
      return answer(request, 200, "text/plain", ascii("Hello at " + Instant.now() + "\n"));
    }
    try {
      Path file = site.find(request.path());
      if (Page.isTemplate(file)) {
        return answerPage(request, cache.get(file));
      }
      return answerFile(request, file);
    } catch (NoSuchFileException missing) {
      return answer(request, 404, "text/plain", ascii("404 " + reason(404) + "\n"));
    }
  }

  Answer refuse(BadRequestException bad) {
    byte[] body = ascii(bad.status() + " " + reason(bad.status()) + "\n");
    Request closing = new Request("GET", "/", false);
    return answer(closing, bad.status(), "text/plain", body);
  }

  private Answer answerPage(Request request, Page page) {
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
    return answer(request, status, "text/html; charset=utf-8", body.toByteArray());
  }

  private static Answer answerFile(Request request, Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      long size = file.size();
      ByteBuffer head = head(request, 200, Site.contentType(path), size);
      return new Answer(!request.keepAlive(), file, request.headOnly() ? 0 : size, head);
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  private static Answer answer(Request request, int status, String contentType, byte[] body) {
    ByteBuffer head = head(request, status, contentType, body.length);
    return request.headOnly()
        ? new Answer(!request.keepAlive(), head)
        : new Answer(!request.keepAlive(), head, ByteBuffer.wrap(body));
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
