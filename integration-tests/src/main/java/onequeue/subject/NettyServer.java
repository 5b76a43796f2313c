package onequeue.subject;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Netty with its HTTP codec, answering in the event loop.
 *
 * <p>{@code NettyServer} is on NIO with as many loops as Netty likes; {@code NettyServer epoll N}
 * is on its native transport with N of them.
 */
public final class NettyServer {
  private static final int BACKLOG = 4096;

  private NettyServer() {}

  /**
   * Serves until SIGTERM.
   *
   * @param args see above
   * @throws InterruptedException when interrupted while it starts
   */
  public static void main(String[] args) throws InterruptedException {
    Service.logQuietly();
    if (args.length > 0) {
      int loops = Integer.parseInt(args[1]);
      serve(
          new MultiThreadIoEventLoopGroup(loops, EpollIoHandler.newFactory()),
          EpollServerSocketChannel.class);
    } else {
      serve(
          new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()), NioServerSocketChannel.class);
    }
  }

  private static void serve(EventLoopGroup loops, Class<? extends ServerChannel> transport)
      throws InterruptedException {
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(transport)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    Service.started(port, () -> loops.shutdownGracefully().sync());
  }

  @Sharable
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final HelloHandler hello = new HelloHandler();

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new HttpServerCodec(), hello);
    }
  }

  @Sharable
  private static final class HelloHandler extends SimpleChannelInboundHandler<HttpObject> {
    private final ByteBuf text =
        Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(Service.text()));

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message instanceof HttpRequest) {
        FullHttpResponse response =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, text.duplicate());
        response
            .headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes())
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        context.write(response);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The peer went away in the middle: nobody is left to tell.
      context.close();
    }
  }
}
