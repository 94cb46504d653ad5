package dev.nestor.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// The server's channel, once the session is ready.
final class ServerLeg extends ChannelInboundHandlerAdapter {
  private final GatewaySession session;

  ServerLeg(GatewaySession session) {
    this.session = session;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    session.serverRead((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session.serverReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.updateAutoRead();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.serverGone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Faults.log("server connection", cause);
    ctx.close();
  }
}
