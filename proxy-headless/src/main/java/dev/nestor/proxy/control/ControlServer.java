package dev.nestor.proxy.control;

import dev.nestor.proxy.access.AccessRequests;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.credential.Presented;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.TlsContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control API over HTTPS.
///
/// | call | who | answer |
/// |---|---|---|
/// | `POST /token` | holders of a token | a child credential, RFC 8693 |
/// | `GET /v1/sessions` | operators | `{"sessions":[…]}`, oldest first |
/// | `POST /v1/sessions/N/kill` | operators | `{"session":N,"result":"killed"}` when it has ended |
/// | `GET /v1/credentials` | operators; others see what descends from theirs | `{"credentials":[…]}`, parents first |
/// | `POST /v1/credentials/ID/revoke` | operators, holders of it or of an ancestor | how many ended |
/// | `GET /v1/approvals` | operators, the group that decides, who asks | `{"approvals":[…]}`, oldest first |
/// | `POST /v1/approvals/ID/approve`, `…/refuse` | people of the group that decides | the request |
/// | `POST /v1/access` | holders of a token | the request for one more scope for a while |
/// | `GET /v1/access` | operators, the group that decides, who asks | `{"requests":[…]}`, oldest first |
/// | `POST /v1/access/ID/approve`, `…/refuse` | people of the group that decides | the request |
/// | `POST /v1/access/ID/take` | who asked | a credential with the scope, as of RFC 8693 |
/// | `GET /v1/events` | each as for its list | server-sent events about approvals, sessions and credentials |
///
/// 401 without a valid token, 403 outside the group, 404 for what is not there, each with
/// `{"error":"…"}`.
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int IDLE_SECONDS_MAX = 30;

  private final GatewayServer gateway;
  private final TokenEndpoint tokens;
  private final List<Calls> calls;
  private final EventStream events;
  private final MultiThreadIoEventLoopGroup loops;
  private final Channel listening;

  private ControlServer(
      String host,
      int port,
      TlsContext tls,
      String group,
      GatewayServer gateway,
      AccessRequests access)
      throws IOException {
    this.gateway = gateway;
    this.tokens = new TokenEndpoint(gateway);
    Operators operators = new Operators(gateway, group);
    ApprovalCalls approvals = new ApprovalCalls(gateway, operators);
    CredentialCalls credentials = new CredentialCalls(gateway, operators);
    this.calls =
        List.of(
            new SessionCalls(gateway, operators),
            credentials,
            new AccessCalls(gateway, operators, access),
            approvals);
    this.events = new EventStream(gateway, operators, approvals, credentials);
    this.loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      this.listening =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel
                          .pipeline()
                          .addLast(
                              tls.netty().newHandler(channel.alloc()),
                              new ReadTimeoutHandler(IDLE_SECONDS_MAX),
                              new HttpServerCodec(),
                              new HttpObjectAggregator(BODY_BYTES_MAX),
                              new Requests());
                    }
                  })
              .bind(host, port)
              .sync()
              .channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while binding", e);
    } catch (Exception e) { // sync() rethrows what the bind threw, checked or not
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "the control API cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  /// Binds and begins to answer.
  ///
  /// @param group whose members may call
  /// @throws IOException if the port cannot be had
  public static ControlServer start(
      String host,
      int port,
      TlsContext tls,
      String group,
      GatewayServer gateway,
      AccessRequests access)
      throws IOException {
    return new ControlServer(host, port, tls, group, gateway, access);
  }

  /// The port that it listens on.
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    listening.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest netty) {
      if (!netty.decoderResult().isSuccess()) {
        write(ctx, Answer.error(400, "not an HTTP request"));
        return;
      }
      Request request = Request.of(netty);
      gateway
          .blocking()
          .execute(() -> {
            try {
              answer(ctx, request);
            } catch (RuntimeException e) {
              LOG.error("fault in the control API: {}", request, e);
              write(ctx, Answer.error(500, "a fault; see the gateway's log"));
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private void answer(ChannelHandlerContext ctx, Request request) {
    if (request.path().equals(TokenEndpoint.PATH)) {
      write(ctx, tokens.answer(request));
      return;
    }
    if (request.bearer().isEmpty()) {
      write(ctx, unauthorized("a token is required"));
      return;
    }
    HeldCredential caller;
    try {
      switch (gateway.credentials().present(request.bearer().get())) {
        case Presented.Live(HeldCredential live) -> caller = live;
        case Presented.Over _ -> {
          write(ctx, unauthorized("the token was refused"));
          return;
        }
      }
    } catch (RefusedException e) {
      write(ctx, unauthorized("the token was refused"));
      return;
    }
    if (request.path().equals(EventStream.PATH) && request.method().equals("GET")) {
      events.begin(ctx, caller);
      return;
    }
    answer(request, caller)
        .whenComplete((answer, fault) ->
            write(
                ctx, fault == null ? answer : Answer.error(500, "a fault; see the gateway's log")));
  }

  private CompletableFuture<Answer> answer(Request request, HeldCredential caller) {
    for (Calls each : calls) {
      Optional<CompletableFuture<Answer>> answer = each.answer(request, caller);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return CompletableFuture.completedFuture(Answer.error(404, "no such call"));
  }

  private static Answer unauthorized(String text) {
    return new Answer(
        401, Answer.object().put("error", text), Map.of("www-authenticate", "Bearer"));
  }

  private static void write(ChannelHandlerContext ctx, Answer answer) {
    byte[] bytes = answer.bytes();
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(bytes));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
        .set(HttpHeaderNames.CONNECTION, "close");
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
