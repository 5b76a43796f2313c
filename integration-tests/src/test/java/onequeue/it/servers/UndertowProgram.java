package onequeue.it.servers;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Undertow: its I/O threads hand what may block to its workers. */
public final class UndertowProgram {
  private UndertowProgram() {}

  /** Prints what the clients saw. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1", new HttpContinueReadHandler(UndertowProgram::handle))
            .setIoThreads(2)
            .build();
    undertow.start();
    Scenario.run(((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort());
    undertow.stop();
    System.out.println("ended");
  }

  /** In an I/O thread. */
  private static void handle(HttpServerExchange exchange) throws Exception {
    if (exchange.getRequestPath().equals("/later")) {
      exchange.dispatch(
          () ->
              exchange
                  .getIoThread()
                  .executeAfter(
                      () -> exchange.getResponseSender().send(ByteBuffer.wrap(Site.late())),
                      Site.LATE_MILLIS,
                      TimeUnit.MILLISECONDS));
    } else {
      new BlockingHandler(UndertowProgram::block).handleRequest(exchange);
    }
  }

  private static void block(HttpServerExchange exchange) throws IOException {
    String path = exchange.getRequestPath();
    if (Site.has(path)) {
      Site.answer(path, exchange.getInputStream(), exchange.getOutputStream());
    } else {
      exchange.setStatusCode(StatusCodes.NOT_FOUND);
    }
  }
}
