package onequeue.it.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Netty's NIO transport and HTTP codec, answering in the event loops. */
public final class NettyProgram {
  private static final int LONGEST_BODY = 32 << 20;

  /** Its quick way works in Netty's own threads only, which it tells by their class. */
  private static final FastThreadLocal<Integer> SERVED =
      new FastThreadLocal<>() {
        @Override
        protected Integer initialValue() {
          return 0;
        }
      };

  private NettyProgram() {}

  /** Prints what the clients saw. */
  public static void main(String[] args) throws Exception {
    Site.logQuietly();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("loop"), NioIoHandler.newFactory());
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    Scenario.run(((InetSocketAddress) listener.localAddress()).getPort());
    System.out.println(loops.submit(NettyProgram::thread).get());
    listener.close().sync();
    loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
    System.out.println("ended " + loops.isTerminated());
  }

  private static String thread() {
    return "has served "
        + (SERVED.get() > 0)
        + " quick locals "
        + (Thread.currentThread() instanceof FastThreadLocalThread);
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(), new HttpObjectAggregator(LONGEST_BODY), new SiteHandler());
    }
  }

  private static final class SiteHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
        throws IOException {
      SERVED.set(SERVED.get() + 1);
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      if (request.uri().equals("/later")) {
        context
            .executor()
            .schedule(
                () -> answer(context, HttpResponseStatus.OK, Site.late(), keepAlive),
                Site.LATE_MILLIS,
                TimeUnit.MILLISECONDS);
        return;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      HttpResponseStatus status = HttpResponseStatus.NOT_FOUND;
      if (Site.has(request.uri())) {
        Site.answer(request.uri(), new ByteBufInputStream(request.content()), out);
        status = HttpResponseStatus.OK;
      }
      answer(context, status, out.toByteArray(), keepAlive);
    }

    private static void answer(
        ChannelHandlerContext context, HttpResponseStatus status, byte[] body, boolean keepAlive) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
      HttpUtil.setContentLength(response, body.length);
      var written = context.writeAndFlush(response);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The peer went away in the middle: nobody is left to tell.
      context.close();
    }
  }
}
