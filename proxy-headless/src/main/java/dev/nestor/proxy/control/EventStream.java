package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.proxy.control.Announcements.Announcement;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.GatewaySession;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// `GET /v1/events`: what happens, as [server-sent
/// events](https://html.spec.whatwg.org/multipage/server-sent-events.html):
///
/// | type | document | to whom |
/// |---|---|---|
/// | `approval` | as `GET /v1/approvals` lists it, when it is asked, voted on and over | as for that list |
/// | `session` | as `GET /v1/sessions` lists it, with `"event": "begun"` or `"ended"` | operators |
/// | `credential` | as `GET /v1/credentials` lists it, when it was issued here and has ended | as for that list |
///
/// It begins with the approvals that wait, and ends with the caller's credential. A reader that is
/// too slow is let go.
final class EventStream {
  static final String PATH = "/v1/events";

  private static final int ALIVE_SECONDS = 15;

  /// What may wait for a reader: what a thousand sessions that end at once say.
  private static final int WAITING_BYTES_MAX = 1 << 20;

  private final GatewayServer gateway;
  private final Operators operators;
  private final ApprovalCalls approvals;
  private final CredentialCalls credentials;
  private final Announcements announcements;

  EventStream(
      GatewayServer gateway,
      Operators operators,
      ApprovalCalls approvals,
      CredentialCalls credentials) {
    this.gateway = gateway;
    this.operators = operators;
    this.approvals = approvals;
    this.credentials = credentials;
    this.announcements = new Announcements(gateway);
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
    ctx.channel().config().setWriteBufferHighWaterMark(WAITING_BYTES_MAX);
    ctx.writeAndFlush(head);
    Consumer<Announcement> listener =
        announcement ->
            ctx.executor()
                .execute(() -> text(announcement, caller).ifPresent(text -> send(ctx, text)));
    announcements.listen(listener);
    gateway
        .approvals()
        .waiting()
        .forEach(approval -> listener.accept(new Announcement.OfApproval(approval)));
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
          announcements.ignore(listener);
          alive.cancel(false);
        });
  }

  /// What somebody is told of it; empty if it is not for them.
  private Optional<String> text(Announcement announcement, HeldCredential caller) {
    ObjectNode node = Answer.object();
    return switch (announcement) {
      case Announcement.OfApproval(PendingApproval approval) -> {
        if (!approvals.isShownTo(approval.request(), caller)) {
          yield Optional.empty();
        }
        ApprovalCalls.describe(approval, node);
        yield text("approval", node);
      }
      case Announcement.OfSession(GatewaySession session, boolean begun) -> {
        if (!operators.contains(caller)) {
          yield Optional.empty();
        }
        SessionCalls.describe(session, node.put("event", begun ? "begun" : "ended"));
        yield text("session", node);
      }
      case Announcement.OfCredential(HeldCredential credential) -> {
        if (!credentials.isShownTo(credential, caller)) {
          yield Optional.empty();
        }
        credentials.describe(credential, node);
        yield text("credential", node);
      }
    };
  }

  private static Optional<String> text(String type, ObjectNode document) {
    return Optional.of("event: " + type + "\ndata: " + document + "\n\n");
  }

  private static void send(ChannelHandlerContext ctx, String text) {
    if (!ctx.channel().isWritable()) {
      ctx.close();
      return;
    }
    ctx.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
  }
}
