package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// `GET /v1/events`: what happens to approvals, as [server-sent
/// events](https://html.spec.whatwg.org/multipage/server-sent-events.html), each of type `approval`
/// with the document that `GET /v1/approvals` lists. It begins with what waits, and ends with the
/// caller's credential. A reader that is too slow is let go.
final class EventStream {
  static final String PATH = "/v1/events";

  private static final int ALIVE_SECONDS = 15;

  private final GatewayServer gateway;
  private final ApprovalCalls approvals;

  EventStream(GatewayServer gateway, ApprovalCalls approvals) {
    this.gateway = gateway;
    this.approvals = approvals;
  }

  /// Begins a stream; it ends with the connection.
  void begin(ChannelHandlerContext ctx, HeldCredential caller) {
    ctx.executor().execute(() -> open(ctx, caller));
  }

  private void open(ChannelHandlerContext ctx, HeldCredential caller) {
    if (ctx.pipeline().get(ReadTimeoutHandler.class) != null) {
      ctx.pipeline().remove(ReadTimeoutHandler.class); // nothing is read any more
    }
    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    ctx.writeAndFlush(head);
    Consumer<PendingApproval> listener =
        pending ->
            ctx.executor()
                .execute(() -> {
                  if (approvals.isShownTo(pending.request(), caller)) {
                    send(ctx, document(pending));
                  }
                });
    gateway.approvals().listen(listener);
    gateway.approvals().waiting().forEach(listener);
    ScheduledFuture<?> alive =
        ctx.executor()
            .scheduleAtFixedRate(
                () -> {
                  if (caller.state(gateway.clock().instant()) == HeldCredential.State.LIVE) {
                    send(ctx, ": alive\n\n");
                  } else {
                    ctx.close();
                  }
                },
                ALIVE_SECONDS,
                ALIVE_SECONDS,
                TimeUnit.SECONDS);
    ctx.channel()
        .closeFuture()
        .addListener(_ -> {
          gateway.approvals().ignore(listener);
          alive.cancel(false);
        });
  }

  private static String document(PendingApproval pending) {
    ObjectNode node = Answer.object();
    ApprovalCalls.describe(pending, node);
    return "event: approval\ndata: " + node + "\n\n";
  }

  private static void send(ChannelHandlerContext ctx, String text) {
    if (!ctx.channel().isWritable()) {
      ctx.close();
      return;
    }
    ctx.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
  }
}
