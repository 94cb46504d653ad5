package dev.nestor.proxy.net;

import dev.nestor.proxy.approval.SessionDesk;
import dev.nestor.proxy.capture.Fingerprint;
import dev.nestor.proxy.capture.SessionCapture;
import dev.nestor.proxy.capture.SessionFacts;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.credential.Presented;
import dev.nestor.proxy.decision.SessionSettings;
import dev.nestor.proxy.decision.StatementDecider;
import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.proxy.session.SessionMachine;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.FrameFlags;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client from its first byte until its session is ready: TLS, start-up packet, token, server.
///
/// ```
/// FIRST ── SSLRequest ──▶ S, TLS ──┐
///   │ └─── 0x16 ────────▶ TLS (ALPN postgresql)
///   ▼                              ▼
/// STARTUP ── StartupMessage ──▶ PASSWORD ── token ──▶ VERIFYING ──▶ CONNECTING ──▶ GatewaySession
///   └─────── CancelRequest ──▶ forwarded, closed
/// ```
///
/// Every refusal is one generic message to the client and its exact reason in the record.
final class ClientStart extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientStart.class);
  private static final int TLS_RECORD_HANDSHAKE = 0x16;
  private static final int PASSWORD_BYTES_MAX = 64 * 1024;
  private static final String ALPN = "postgresql";
  private static final String GENERIC = "access was refused by the gateway";

  private final GatewayServer gateway;
  private final SessionFacts facts;
  private Phase phase = Phase.FIRST;
  private @Nullable ByteBuf pending;
  private Map<String, String> parameters = Map.of();
  private Map<String, String> forServer = Map.of();
  private boolean encrypted;
  private boolean directTls;
  private boolean gssAsked;
  private @Nullable ScheduledFuture<?> deadline;

  private enum Phase {
    FIRST,
    HANDSHAKE,
    STARTUP,
    PASSWORD,
    VERIFYING,
    CONNECTING,
    DONE
  }

  ClientStart(GatewayServer gateway, InetSocketAddress client) {
    this.gateway = gateway;
    this.facts = new SessionFacts(client);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> {
                  if (phase != Phase.DONE) {
                    refuse(ctx, RefusalReason.TIMEOUT, "no finished start-up in time");
                  }
                },
                gateway.limits().startUp().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (phase == Phase.DONE) {
      in.release();
      return;
    }
    pending = pending == null ? in : Packets.join(ctx.alloc(), pending, in);
    if (pending.readableBytes() > PASSWORD_BYTES_MAX) {
      refuse(ctx, RefusalReason.TOO_LONG, "start-up of " + pending.readableBytes() + " bytes");
      return;
    }
    try {
      process(ctx);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      violation(ctx, "malformed start-up: " + e.getMessage());
    }
  }

  private void process(ChannelHandlerContext ctx) {
    boolean more = true;
    while (more && pending != null && pending.isReadable()) {
      more =
          switch (phase) {
            case FIRST -> first(ctx, pending);
            case STARTUP -> startup(ctx, pending);
            case PASSWORD -> password(ctx, pending);
            case HANDSHAKE -> false;
            case VERIFYING, CONNECTING -> {
              // a client speaks only when it is asked; what it says early waits, bounded
              yield false;
            }
            case DONE -> false;
          };
    }
  }

  // ---- TLS

  private boolean first(ChannelHandlerContext ctx, ByteBuf in) {
    Optional<TlsContext> tls = gateway.tls();
    if (tls.isPresent() && in.getByte(in.readerIndex()) == TLS_RECORD_HANDSHAKE) {
      directTls = true;
      beginTls(ctx, tls.get());
      return false;
    }
    if (in.readableBytes() < 8) {
      return false;
    }
    int length = in.getInt(in.readerIndex());
    int code = in.getInt(in.readerIndex() + 4);
    if (length == 8 && code == Packets.GSSENC_REQUEST && !gssAsked) {
      gssAsked = true;
      return refuseEncryption(ctx, in);
    }
    if (length == 8 && code == Packets.SSL_REQUEST) {
      if (tls.isEmpty()) {
        return refuseEncryption(ctx, in);
      }
      if (in.readableBytes() > 8) {
        violation(ctx, "received unencrypted data after the SSL request");
        return false;
      }
      frame(true, in, 2, 8);
      in.skipBytes(8);
      facts.frames.add(new SessionFacts.StartFrame(false, new byte[] {'S'}, 5, 1, 0, 1));
      ctx.writeAndFlush(Packets.buffer(ctx.alloc(), new byte[] {'S'}));
      beginTls(ctx, tls.get());
      return false;
    }
    phase = Phase.STARTUP;
    return true;
  }

  private boolean refuseEncryption(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() > 8) {
      violation(ctx, "received data behind an encryption request");
      return false;
    }
    in.skipBytes(8);
    ctx.writeAndFlush(Packets.buffer(ctx.alloc(), new byte[] {'N'}));
    return true;
  }

  private void beginTls(ChannelHandlerContext ctx, TlsContext context) {
    phase = Phase.HANDSHAKE;
    SslHandler tls = context.netty().newHandler(ctx.alloc());
    tls.setHandshakeTimeoutMillis(gateway.limits().startUp().toMillis());
    ctx.pipeline().addFirst("tls", tls);
    ByteBuf early = pending;
    pending = null;
    if (early != null && early.isReadable()) {
      ctx.pipeline().fireChannelRead(early); // the ClientHello of a direct TLS connection
    } else if (early != null) {
      early.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      return;
    }
    if (!handshake.isSuccess()) {
      ctx.close();
      return;
    }
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    String protocol = tls.applicationProtocol();
    if (directTls && !ALPN.equals(protocol)) {
      violation(ctx, "direct TLS needs the application protocol postgresql");
      return;
    }
    encrypted = true;
    facts.tlsVersion = TlsNumbers.version(tls.engine().getSession());
    facts.tlsCipher = TlsNumbers.cipher(tls.engine().getSession());
    phase = Phase.STARTUP;
    process(ctx);
  }

  // ---- start-up packet

  private boolean startup(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < 4) {
      return false;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 8 || length > Packets.STARTUP_BYTES_MAX) {
      violation(ctx, "start-up packet of " + length + " bytes (expected: 8..10000)");
      return false;
    }
    if (in.readableBytes() < length) {
      return false;
    }
    int code = in.getInt(in.readerIndex() + 4);
    if (code == Packets.CANCEL_REQUEST) {
      cancel(ctx, in.skipBytes(8).readSlice(length - 8));
      return false;
    }
    facts.protocol = code;
    frame(true, in, 1, length);
    ByteBuf body = in.skipBytes(8).readSlice(length - 8);
    if (code >>> 16 != 3) {
      violation(ctx, "protocol " + (code >>> 16) + "." + (code & 0xffff) + " is not supported");
      return false;
    }
    Map<String, String> given = new LinkedHashMap<>();
    while (body.isReadable()) {
      String name = Packets.string(body);
      if (name.isEmpty()) {
        break;
      }
      given.put(name, Packets.string(body));
    }
    parameters = given;
    facts.user = given.getOrDefault("user", "");
    facts.database = given.getOrDefault("database", facts.user);
    facts.applicationName = given.getOrDefault("application_name", "");
    facts.parameterNames = List.copyOf(given.keySet());
    if (gateway.tls().isPresent() && !encrypted) {
      refuse(ctx, RefusalReason.NO_TLS, "a token may only be sent inside TLS");
      return false;
    }
    try {
      forServer = StartupParameters.forServer(given);
    } catch (RefusedException e) {
      refuse(ctx, e.reason(), e.detail());
      return false;
    }
    negotiate(ctx, code);
    send(ctx, Packets.authenticationCleartextPassword(), 'R');
    ctx.flush();
    phase = Phase.PASSWORD;
    return true;
  }

  private void negotiate(ChannelHandlerContext ctx, int code) {
    List<String> unknown =
        parameters.keySet().stream().filter(name -> name.startsWith("_pq_.")).toList();
    int minor = code & 0xffff;
    if (minor > 2 || !unknown.isEmpty()) {
      send(ctx, Packets.negotiateProtocolVersion(Math.min(minor, 2), unknown), 'v');
    }
  }

  private void send(ChannelHandlerContext ctx, byte[] message, int type) {
    facts.frames.add(new SessionFacts.StartFrame(false, message, type, 1, 0, message.length));
    ctx.write(Packets.buffer(ctx.alloc(), message));
  }

  private void frame(boolean fromClient, ByteBuf in, int type, int length) {
    byte[] bytes = new byte[length];
    in.getBytes(in.readerIndex(), bytes);
    facts.frames.add(new SessionFacts.StartFrame(fromClient, bytes, type, 1, 0, length));
  }

  private void cancel(ChannelHandlerContext ctx, ByteBuf body) {
    phase = Phase.DONE;
    int pid = body.readInt();
    byte[] secret = new byte[Math.min(256, body.readableBytes())];
    body.readBytes(secret);
    @Nullable GatewaySession target = gateway.registry().cancelTarget(pid, secret);
    if (target == null) {
      ctx.close(); // as PostgreSQL: not a word about why
    } else {
      target.cancelRequested(() -> ctx.executor().execute(() -> ctx.close()));
    }
  }

  // ---- token

  private boolean password(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < 5) {
      return false;
    }
    int length = in.getInt(in.readerIndex() + 1);
    if (in.getByte(in.readerIndex()) != 'p' || length < 5 || length > PASSWORD_BYTES_MAX) {
      violation(ctx, "a password message was expected");
      return false;
    }
    if (in.readableBytes() < 1 + length) {
      return false;
    }
    facts.frames.add(
        new SessionFacts.StartFrame(
            true,
            Packets.elided('p', 1, 1L + length),
            6,
            1,
            FrameFlags.SECRET_REPLACED,
            1 + length));
    String token = in.toString(in.readerIndex() + 5, length - 5, StandardCharsets.UTF_8);
    in.skipBytes(1 + length);
    phase = Phase.VERIFYING;
    gateway
        .blocking()
        .execute(() -> {
          try {
            Presented presented = gateway.credentials().present(token);
            ctx.executor().execute(() -> presented(ctx, presented));
          } catch (RefusedException e) {
            ctx.executor().execute(() -> refuse(ctx, e.reason(), e.detail()));
          } catch (RuntimeException e) {
            LOG.error("fault while verifying a token", e);
            ctx.executor()
                .execute(() -> refuse(ctx, RefusalReason.MALFORMED, "fault in verification"));
          }
        });
    return false;
  }

  private void presented(ChannelHandlerContext ctx, Presented presented) {
    if (phase != Phase.VERIFYING) {
      return;
    }
    switch (presented) {
      case Presented.Live(HeldCredential credential) -> {
        facts.credential = credential;
        verified(ctx, credential);
      }
      case Presented.Over(HeldCredential credential, RefusalReason reason) -> {
        facts.credential = credential;
        refuse(ctx, reason, "credential " + credential.id() + " has ended");
      }
    }
  }

  private void verified(ChannelHandlerContext ctx, HeldCredential credential) {
    @Nullable Route route = gateway.routes().of(facts.database);
    if (route == null) {
      refuse(ctx, RefusalReason.DATABASE, "no database " + facts.database);
      return;
    }
    facts.connection = route.name();
    facts.role = route.role();
    if (!facts.user.equals(credential.token().name())
        && !facts.user.equals(credential.root().token().subject()) // `sub` of its token
        && !facts.user.equals(route.role())) {
      refuse(ctx, RefusalReason.USER, "the token is for " + credential.qualifiedName());
      return;
    }
    if (!gateway.accepting()) {
      refuse(ctx, RefusalReason.UNAVAILABLE, "the gateway is shutting down");
      return;
    }
    if (gateway.recorder().failure().isPresent()) {
      refuse(ctx, RefusalReason.RECORDER, "the recorder has failed");
      return;
    }
    phase = Phase.CONNECTING;
    ServerStart.connect(
            ctx.channel().eventLoop(),
            gateway.transport(),
            route,
            facts.database,
            forServer,
            gateway.blocking())
        .addListener(result -> {
          if (result.isSuccess()) {
            ready(ctx, route, credential, (ServerConnection) result.getNow());
          } else {
            LOG.warn("{}", String.valueOf(result.cause().getMessage()));
            refuse(ctx, RefusalReason.SERVER, String.valueOf(result.cause().getMessage()));
          }
        });
  }

  // ---- ready

  private void ready(
      ChannelHandlerContext ctx, Route route, HeldCredential credential, ServerConnection server) {
    if (phase != Phase.CONNECTING || !ctx.channel().isActive()) {
      server.channel().close();
      return;
    }
    facts.serverPid = server.pid();
    facts.serverVersion = server.parameters().getOrDefault("server_version", "");
    facts.serverTlsVersion = server.tlsVersion();
    byte[] secret = gateway.cancelSecret(facts.protocol >= Packets.PROTOCOL_3_2);
    greet(ctx, server, secret);
    SessionCapture capture = gateway.openCapture(ctx.channel().eventLoop());
    capture.keepRows(route.rows());
    record(ctx, route, credential, server, secret, capture);
  }

  /// Nobody comes in unrecorded: without room in the ring the client waits.
  private void record(
      ChannelHandlerContext ctx,
      Route route,
      HeldCredential credential,
      ServerConnection server,
      byte[] secret,
      SessionCapture capture) {
    if (phase != Phase.CONNECTING) {
      server.channel().close();
      return;
    }
    switch (capture.head(facts, gateway.principals())) {
      case DONE -> begin(ctx, route, credential, server, secret, capture);
      case FULL ->
          capture.whenFreed(() ->
              ctx.executor()
                  .execute(() -> record(ctx, route, credential, server, secret, capture)));
      case DEAD -> {
        server.channel().close();
        refuse(ctx, RefusalReason.RECORDER, "the recorder has failed");
      }
    }
  }

  private void begin(
      ChannelHandlerContext ctx,
      Route route,
      HeldCredential credential,
      ServerConnection server,
      byte[] secret,
      SessionCapture capture) {
    phase = Phase.DONE;
    cancelDeadline();
    Waker waker = new Waker();
    StatementDecider decider =
        route
            .deciders()
            .forCaller(credential, route.serverDatabase().orElse(facts.database), waker);
    SessionDesk desk =
        new SessionDesk(
            gateway.approvals(),
            new SessionDesk.Caller(
                credential,
                gateway.recorder().archive(),
                capture.number(),
                route.serverDatabase().orElse(facts.database),
                facts.applicationName),
            waker::record,
            waker);
    capture.begins(server.parameters(), settings(server.parameters()));
    GatewaySession session =
        new GatewaySession(
            ctx.channel(),
            server,
            injector ->
                new SessionMachine(
                    decider,
                    capture,
                    gateway::nonce,
                    injector,
                    desk,
                    settings(server.parameters())),
            capture,
            facts,
            gateway.limits(),
            gateway.cancels(),
            gateway.clock().instant(),
            lock -> gateway.lock(credential, lock),
            waker::end);
    waker.begin(session, gateway.registry(), server.pid());
    gateway.registry().add(session, server.pid(), secret);
    gateway
        .inferredChildren()
        .begun(
            credential,
            gateway.principals().number(credential),
            Fingerprint.of(facts),
            session.number(),
            number -> gateway.registry().byNumber(number) != null)
        .ifPresent(session::record);
    server.channel().pipeline().addLast(new ServerLeg(session));
    ctx.pipeline().addLast(new ClientLeg(session));
    ByteBuf early = pending;
    pending = null;
    ctx.flush();
    ctx.pipeline().remove(this);
    server.channel().config().setAutoRead(true);
    if (early != null) {
      session.clientRead(early);
      session.clientReadComplete();
    }
    if (!gateway.accepting()) {
      session.end(GatewayServer.SHUTDOWN, 0);
    }
    // from here on its end finds the session; what ended while it came in did not
    if (credential.state(gateway.clock().instant()) != HeldCredential.State.LIVE) {
      session.end(CredentialSessions.OVER, 0);
    }
  }

  /// Links a session to what outlives its construction.
  private static final class Waker implements Runnable {
    private volatile @Nullable GatewaySession session;
    private @Nullable SessionRegistry registry;
    private int pid;

    void begin(GatewaySession begun, SessionRegistry sessions, int serverPid) {
      registry = sessions;
      pid = serverPid;
      session = begun;
    }

    @Override
    public void run() {
      GatewaySession woken = session;
      if (woken != null) {
        woken.wake();
      }
    }

    void record(RecordedEvent event) {
      GatewaySession concerned = session;
      if (concerned != null) {
        concerned.record(event);
      }
    }

    void end() {
      GatewaySession ended = session;
      if (ended != null && registry != null) {
        registry.remove(ended, pid);
      }
    }
  }

  private void greet(ChannelHandlerContext ctx, ServerConnection server, byte[] secret) {
    send(ctx, Packets.authenticationOk(), 'R');
    server
        .parameters()
        .forEach((name, value) -> send(ctx, Packets.parameterStatus(name, value), 'S'));
    byte[] key = Packets.backendKeyData(server.pid(), secret);
    facts.frames.add(
        new SessionFacts.StartFrame(
            false,
            Packets.elided('K', 1, key.length),
            6,
            1,
            FrameFlags.SECRET_REPLACED,
            key.length));
    ctx.write(Packets.buffer(ctx.alloc(), key));
    send(ctx, Packets.readyForQuery((byte) 'I'), 'Z');
  }

  private static SessionSettings settings(Map<String, String> parameters) {
    return new SessionSettings(
        parameters.getOrDefault("standard_conforming_strings", "on").equals("on"),
        parameters.getOrDefault("search_path", "\"$user\", public"),
        "none");
  }

  // ---- refusal

  private void refuse(ChannelHandlerContext ctx, RefusalReason reason, String detail) {
    if (phase == Phase.DONE) {
      return;
    }
    phase = Phase.DONE;
    cancelDeadline();
    facts.refusalCode = reason.code();
    String state =
        switch (reason) {
          case SERVER -> "08006";
          case UNAVAILABLE -> "57P03";
          case RECORDER -> "58030";
          default -> "28000";
        };
    String message =
        switch (reason) {
          case PARAMETER, REPLICATION, NO_TLS -> detail;
          case SERVER -> "the gateway cannot reach the server";
          case UNAVAILABLE, RECORDER -> "the gateway takes no sessions now";
          default -> GENERIC;
        };
    LOG.info("refused {} ({}): {}", facts.client, reason.code(), detail);
    byte[] fatal = Packets.fatal(state, message);
    facts.frames.add(
        new SessionFacts.StartFrame(false, fatal, 'E', 1, FrameFlags.ERROR, fatal.length));
    if (gateway.recorder().failure().isEmpty() && facts.protocol != 0) {
      recordRefusal(ctx, gateway.openCapture(ctx.channel().eventLoop()));
    }
    close(ctx, fatal);
  }

  private void recordRefusal(ChannelHandlerContext ctx, SessionCapture capture) {
    if (capture.refused(facts, gateway.principals()) == SessionCapture.Commit.FULL) {
      capture.whenFreed(() -> ctx.executor().execute(() -> recordRefusal(ctx, capture)));
    }
  }

  private void violation(ChannelHandlerContext ctx, String message) {
    if (phase == Phase.DONE) {
      return;
    }
    phase = Phase.DONE;
    cancelDeadline();
    LOG.info("refused {}: {}", facts.client, message);
    close(ctx, Packets.fatal(SessionEnd.PROTOCOL_VIOLATION, message));
  }

  private void close(ChannelHandlerContext ctx, byte[] fatal) {
    releasePending();
    ctx.writeAndFlush(Packets.buffer(ctx.alloc(), fatal)).addListener(ChannelFutureListener.CLOSE);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private void releasePending() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (phase == Phase.PASSWORD || phase == Phase.VERIFYING || phase == Phase.CONNECTING) {
      refuse(ctx, RefusalReason.TIMEOUT, "the client left during its start-up");
    }
    phase = Phase.DONE;
    cancelDeadline();
    releasePending();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Faults.log("client start-up", cause);
    ctx.close();
  }
}
