package dev.nestor.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.capture.SessionFacts;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.GatewaySession;
import dev.nestor.proxy.net.TlsContext;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.recorder.event.RecordedEvent;
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
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lists and ends sessions over HTTPS.
///
/// | call | answer |
/// |---|---|
/// | `GET /v1/sessions` | `{"sessions":[…]}`, oldest first |
/// | `POST /v1/sessions/N/kill` | `{"session":N,"result":"killed"}` when the session has ended |
///
/// 401 without a valid token, 403 outside the group, 404 for no such session, each with
/// `{"error":"…"}`.
public final class ControlServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int IDLE_SECONDS_MAX = 30;
  private static final int KILL_SECONDS_MAX = 10;
  private static final Pattern KILL = Pattern.compile("/v1/sessions/([0-9]{1,18})/kill");
  private static final String BEARER = "Bearer ";

  private final GatewayServer gateway;
  private final String group;
  private final MultiThreadIoEventLoopGroup loops;
  private final Channel listening;

  private ControlServer(String host, int port, TlsContext tls, String group, GatewayServer gateway)
      throws IOException {
    this.gateway = gateway;
    this.group = group;
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
      String host, int port, TlsContext tls, String group, GatewayServer gateway)
      throws IOException {
    return new ControlServer(host, port, tls, group, gateway);
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
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      @Nullable String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
      HttpMethod method = request.method();
      String path = request.uri();
      if (authorization == null || !authorization.startsWith(BEARER)) {
        answer(ctx, HttpResponseStatus.UNAUTHORIZED, error("a token is required"));
        return;
      }
      String token = authorization.substring(BEARER.length());
      gateway
          .blocking()
          .execute(() -> {
            try {
              VerifiedToken caller = gateway.tokens().verify(token);
              if (!caller.groups().contains(group)) {
                answer(
                    ctx,
                    HttpResponseStatus.FORBIDDEN,
                    error("this needs membership of the group " + group));
                return;
              }
              route(ctx, method, path, caller);
            } catch (RefusedException e) {
              answer(ctx, HttpResponseStatus.UNAUTHORIZED, error("the token was refused"));
            } catch (RuntimeException e) {
              System.getLogger(ControlServer.class.getName())
                  .log(System.Logger.Level.ERROR, "fault in the control API", e);
              answer(ctx, HttpResponseStatus.INTERNAL_SERVER_ERROR, error("a fault"));
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private void route(
      ChannelHandlerContext ctx, HttpMethod method, String path, VerifiedToken caller) {
    Matcher kill = KILL.matcher(path);
    if (method.equals(HttpMethod.GET) && path.equals("/v1/sessions")) {
      record(caller, RecordedEvent.ControlVerb.LIST, 0, "listed");
      answer(ctx, HttpResponseStatus.OK, list());
    } else if (method.equals(HttpMethod.POST) && kill.matches()) {
      kill(ctx, caller, Long.parseLong(kill.group(1)));
    } else {
      answer(ctx, HttpResponseStatus.NOT_FOUND, error("no such call"));
    }
  }

  private ObjectNode list() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode sessions = answer.putArray("sessions");
    List<GatewaySession> live =
        gateway.registry().all().stream()
            .sorted(Comparator.comparingLong(GatewaySession::number))
            .toList();
    for (GatewaySession session : live) {
      SessionFacts facts = session.facts();
      ObjectNode node = sessions.addObject();
      node.put("session", session.number());
      VerifiedToken token = facts.token;
      if (token != null) {
        node.put("subject", token.subject());
        node.put("name", token.name());
        node.put("kind", token.kind());
      }
      node.put("database", facts.database);
      node.put("role", facts.role);
      node.put("application", facts.applicationName);
      node.put("client", facts.client.getAddress().getHostAddress() + ":" + facts.client.getPort());
      node.put("startedAt", session.startedAt().toString());
      long[] counts = session.counts();
      node.putObject("statements")
          .put("allow", counts[0])
          .put("mask", counts[1])
          .put("hold", counts[2])
          .put("block", counts[3])
          .put("kill", counts[4]);
    }
    return answer;
  }

  private void kill(ChannelHandlerContext ctx, VerifiedToken caller, long number) {
    @Nullable GatewaySession session = gateway.registry().byNumber(number);
    if (session == null) {
      record(caller, RecordedEvent.ControlVerb.KILL, number, "no such session");
      answer(ctx, HttpResponseStatus.NOT_FOUND, error("no live session " + number));
      return;
    }
    long by = gateway.principals().number(caller.issuer(), caller.subject());
    record(caller, RecordedEvent.ControlVerb.KILL, number, "killed");
    session.end(
        new SessionEnd(
            SessionEnd.Trigger.OPERATOR,
            SessionEnd.ADMIN_SHUTDOWN,
            "terminating connection: ended by an administrator of the gateway"),
        by);
    session
        .ended()
        .orTimeout(KILL_SECONDS_MAX, TimeUnit.SECONDS)
        .whenComplete((_, late) ->
            answer(
                ctx,
                HttpResponseStatus.OK,
                JSON.createObjectNode()
                    .put("session", number)
                    .put("result", late == null ? "killed" : "killed, server still working")));
  }

  private void record(
      VerifiedToken caller, RecordedEvent.ControlVerb verb, long session, String result) {
    long by = gateway.principals().number(caller.issuer(), caller.subject());
    gateway.onLoop(
        0,
        ring -> {
          long now = System.nanoTime();
          ring.event(
              now,
              new RecordedEvent.Principal(
                  by,
                  caller.kind().equals("human")
                      ? RecordedEvent.PrincipalKind.HUMAN
                      : RecordedEvent.PrincipalKind.SERVICE,
                  caller.issuer(),
                  caller.subject(),
                  caller.clientId().orElse(""),
                  List.of(new RecordedEvent.Claim("preferred_username", caller.name())),
                  caller.groups().stream().sorted().toList()));
          ring.event(now, new RecordedEvent.Control(verb, by, session, 0, result, "https", 0));
          ring.commit();
        });
  }

  private static ObjectNode error(String text) {
    return JSON.createObjectNode().put("error", text);
  }

  private static void answer(
      ChannelHandlerContext ctx, HttpResponseStatus status, ObjectNode body) {
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      bytes = "{}".getBytes(StandardCharsets.US_ASCII);
    }
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
        .set(HttpHeaderNames.CONNECTION, "close");
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
