package dev.nestor.proxy.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/// Sends CancelRequest to a server, over TLS where the route has it, on a connection of its own.
/// The server closes that connection when it has taken the request.
final class CancelSender {
  private static final int SECONDS_MAX = 5;

  private final Transport transport;

  CancelSender(Transport transport) {
    this.transport = transport;
  }

  /// @param done run on the loop when the server has closed, or after five seconds
  void send(
      EventLoop loop, ServerConnection.CancelTarget target, int pid, byte[] secret, Runnable done) {
    Once once = new Once(done);
    new Bootstrap()
        .group(loop)
        .channel(transport.clientChannel())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, SECONDS_MAX * 1000)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Request(target, pid, secret, once));
              }
            })
        .connect(target.host(), target.port())
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            once.run();
          }
        });
  }

  private static final class Once implements Runnable {
    private final Runnable action;
    private boolean ran;

    Once(Runnable action) {
      this.action = action;
    }

    @Override
    public void run() {
      if (!ran) {
        ran = true;
        action.run();
      }
    }
  }

  private static final class Request extends ChannelInboundHandlerAdapter {
    private final ServerConnection.CancelTarget target;
    private final int pid;
    private final byte[] secret;
    private final Runnable done;

    Request(ServerConnection.CancelTarget target, int pid, byte[] secret, Runnable done) {
      this.target = target;
      this.pid = pid;
      this.secret = secret;
      this.done = done;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.executor().schedule(() -> ctx.close(), SECONDS_MAX, TimeUnit.SECONDS);
      if (target.route().tls().isPresent()) {
        ctx.writeAndFlush(Packets.buffer(ctx.alloc(), Packets.sslRequest()));
      } else {
        request(ctx);
      }
    }

    private void request(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(Packets.buffer(ctx.alloc(), Packets.cancelRequest(pid, secret)));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message); // the answer to SSLRequest; anything but S fails in TLS
      target
          .route()
          .tls()
          .filter(_ -> ctx.pipeline().get("tls") == null)
          .ifPresent(tls ->
              ctx.pipeline()
                  .addFirst(
                      "tls", tls.netty().newHandler(ctx.alloc(), target.host(), target.port())));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          request(ctx);
        } else {
          ctx.close();
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      done.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
