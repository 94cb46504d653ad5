package dev.nestor.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// The client's channel, once the session is ready.
final class ClientLeg extends ChannelInboundHandlerAdapter {
  private final GatewaySession session;

  ClientLeg(GatewaySession session) {
    this.session = session;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    session.clientRead((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session.clientReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.updateAutoRead();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.clientGone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Faults.log("client connection", cause);
    session.clientGone();
  }
}
