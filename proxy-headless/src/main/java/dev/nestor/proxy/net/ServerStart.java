package dev.nestor.proxy.net;

import dev.nestor.proxy.config.GatewayConfig.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Connects to the server and logs in with the gateway's own credential: TLS with the server's name
/// verified, SCRAM-SHA-256 bound to that channel, the server's own proof checked. The server is
/// trusted no more than a client: every length is checked, everything else is a failure.
final class ServerStart extends ChannelInboundHandlerAdapter {
  private static final int MESSAGE_BYTES_MAX = 64 * 1024;
  private static final int CONNECT_MILLIS_MAX = 5_000;
  private static final int LOGIN_SECONDS_MAX = 15;

  private final Route route;
  private final HostPort host;
  private final Map<String, String> startup;
  private final Executor blocking;
  private final Promise<ServerConnection> promise;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private @Nullable ByteBuf pending;
  private @Nullable ScramClient scram;
  private boolean proved;
  private boolean awaitsTlsAnswer;
  private boolean computing;
  private int pid;
  private byte[] secret = new byte[0];

  private ServerStart(
      Route route,
      HostPort host,
      Map<String, String> startup,
      Executor blocking,
      Promise<ServerConnection> promise) {
    this.route = route;
    this.host = host;
    this.startup = startup;
    this.blocking = blocking;
    this.promise = promise;
  }

  /// Tries the route's hosts in order.
  ///
  /// @param loop the client's event loop
  /// @param startup parameters beside user and database that the client may set
  static Promise<ServerConnection> connect(
      EventLoop loop,
      Transport transport,
      Route route,
      String database,
      Map<String, String> startup,
      Executor blocking) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("user", route.role());
    all.put("database", route.serverDatabase().orElse(database));
    all.putAll(startup);
    Promise<ServerConnection> promise = loop.newPromise();
    connect(loop, transport, route, 0, all, blocking, promise);
    return promise;
  }

  private static void connect(
      EventLoop loop,
      Transport transport,
      Route route,
      int index,
      Map<String, String> startup,
      Executor blocking,
      Promise<ServerConnection> promise) {
    HostPort host = route.hosts().get(index);
    Promise<ServerConnection> attempt = loop.newPromise();
    attempt.addListener(result -> {
      if (result.isSuccess()) {
        if (!promise.trySuccess(attempt.getNow())) {
          attempt.getNow().channel().close();
        }
      } else if (index + 1 < route.hosts().size()) {
        connect(loop, transport, route, index + 1, startup, blocking, promise);
      } else {
        promise.tryFailure(result.cause());
      }
    });
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new ServerStart(route, host, startup, blocking, attempt));
                  }
                })
            .connect(host.host(), host.port());
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        attempt.tryFailure(new IOException("server " + host + " cannot be reached", done.cause()));
      }
    });
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.executor()
        .schedule(
            () -> {
              if (!promise.isDone()) {
                fail(ctx, "server " + host + " did not finish the log-in in time");
              }
            },
            LOGIN_SECONDS_MAX,
            TimeUnit.SECONDS);
    if (route.tls().isPresent()) {
      awaitsTlsAnswer = true;
      write(ctx, Packets.sslRequest());
    } else {
      sendStartup(ctx);
    }
  }

  private void sendStartup(ChannelHandlerContext ctx) {
    write(ctx, Packets.startup(Packets.PROTOCOL_3_2, startup));
  }

  private static void write(ChannelHandlerContext ctx, byte[] message) {
    ctx.writeAndFlush(Packets.buffer(ctx.alloc(), message), ctx.voidPromise());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        sendStartup(ctx);
      } else {
        fail(ctx, "TLS with server " + host + " failed: " + reason(handshake.cause()));
      }
    }
  }

  private static String reason(@Nullable Throwable cause) {
    Throwable deepest = cause;
    while (deepest != null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == null ? "unknown" : String.valueOf(deepest.getMessage());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    pending = pending == null ? in : Packets.join(ctx.alloc(), pending, in);
    if (awaitsTlsAnswer) {
      tlsAnswer(ctx);
    } else if (!computing) {
      process(ctx);
    }
  }

  private void tlsAnswer(ChannelHandlerContext ctx) {
    ByteBuf in = pending;
    if (in == null) {
      return;
    }
    // one byte, and nothing behind it: what came before the handshake is not read as if inside
    if (in.readableBytes() != 1 || in.readByte() != 'S') {
      fail(ctx, "server " + host + " does not offer TLS, and the configuration says verify-full");
      return;
    }
    awaitsTlsAnswer = false;
    in.release();
    pending = null;
    SslHandler tls =
        route.tls().orElseThrow().netty().newHandler(ctx.alloc(), host.host(), host.port());
    ctx.pipeline().addFirst("tls", tls);
  }

  private void process(ChannelHandlerContext ctx) {
    while (pending != null && !computing && !promise.isDone()) {
      ByteBuf in = pending;
      if (in.readableBytes() < 5) {
        return;
      }
      int length = in.getInt(in.readerIndex() + 1);
      if (length < 4 || length > MESSAGE_BYTES_MAX) {
        fail(ctx, "message length " + length + " from server " + host + " (expected: 4..65536)");
        return;
      }
      if (in.readableBytes() < 1 + length) {
        return;
      }
      byte type = in.readByte();
      in.skipBytes(4);
      ByteBuf body = in.readSlice(length - 4);
      try {
        message(ctx, type, body);
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        fail(ctx, "server " + host + " sent a malformed message " + (char) type);
      }
    }
  }

  private void message(ChannelHandlerContext ctx, byte type, ByteBuf body) {
    switch (type) {
      case 'R' -> authentication(ctx, body);
      case 'S' -> parameters.put(Packets.string(body), Packets.string(body));
      case 'K' -> {
        pid = body.readInt();
        secret = new byte[body.readableBytes()];
        body.readBytes(secret);
      }
      case 'N', 'v' -> {} // a notice; an older minor version, which cancel keys alone would show
      case 'Z' -> ready(ctx);
      case 'E' -> fail(ctx, "server " + host + " refused the log-in: " + errorMessage(body));
      default -> fail(ctx, "server " + host + " sent message " + (char) type + " during log-in");
    }
  }

  private static String errorMessage(ByteBuf body) {
    String state = "";
    String text = "";
    while (body.isReadable()) {
      byte code = body.readByte();
      if (code == 0) {
        break;
      }
      String value = Packets.string(body);
      if (code == 'C') {
        state = value;
      } else if (code == 'M') {
        text = value;
      }
    }
    return state + " " + text;
  }

  private void authentication(ChannelHandlerContext ctx, ByteBuf body) {
    int kind = body.readInt();
    switch (kind) {
      case 0 -> {
        if (route.password().isPresent() && !proved) {
          fail(ctx, "server " + host + " asked for no proof although a password is configured");
        }
      }
      case 10 -> beginScram(ctx, body);
      case 11 -> continueScram(ctx, bytes(body));
      case 12 -> {
        proved = scram != null && scram.verifies(bytes(body));
        if (!proved) {
          fail(ctx, "server " + host + " did not prove that it knows the password");
        }
      }
      default ->
          fail(
              ctx,
              "server "
                  + host
                  + " asks for authentication method "
                  + kind
                  + "; the gateway uses SCRAM-SHA-256 alone");
    }
  }

  private static byte[] bytes(ByteBuf body) {
    byte[] bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    return bytes;
  }

  private void beginScram(ChannelHandlerContext ctx, ByteBuf body) {
    boolean plus = false;
    boolean plain = false;
    while (body.isReadable() && body.getByte(body.readerIndex()) != 0) {
      switch (Packets.string(body)) {
        case ScramClient.PLUS -> plus = true;
        case ScramClient.PLAIN -> plain = true;
        default -> {}
      }
    }
    Optional<String> password = route.password();
    if (password.isEmpty()) {
      fail(ctx, "server " + host + " wants a password, and the configuration gives none");
      return;
    }
    try {
      byte[] endPoint = route.tls().isPresent() ? endPoint(ctx.channel()) : null;
      if (endPoint != null ? !plus : !plain) {
        fail(ctx, "server " + host + " does not offer SCRAM-SHA-256 with channel binding");
        return;
      }
      ScramClient client = new ScramClient(password.get(), endPoint);
      scram = client;
      write(ctx, Packets.saslInitialResponse(client.mechanism(), client.clientFirst()));
    } catch (GeneralSecurityException | IOException e) {
      fail(ctx, "channel binding with server " + host + ": " + e.getMessage());
    }
  }

  /// Hash of the server's certificate by the hash of its own signature, SHA-256 at least.
  private static byte[] endPoint(Channel channel) throws GeneralSecurityException, IOException {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    X509Certificate certificate =
        (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    String hash =
        signature.startsWith("SHA384")
            ? "SHA-384"
            : signature.startsWith("SHA512") ? "SHA-512" : "SHA-256";
    return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
  }

  private void continueScram(ChannelHandlerContext ctx, byte[] serverFirst) {
    ScramClient client = scram;
    if (client == null) {
      fail(ctx, "server " + host + " continues a SASL exchange that was not begun");
      return;
    }
    computing = true;
    blocking.execute(() -> {
      try {
        byte[] answer = Packets.saslResponse(client.clientFinal(serverFirst));
        ctx.executor()
            .execute(() -> {
              computing = false;
              write(ctx, answer);
              process(ctx);
            });
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        ctx.executor()
            .execute(() -> fail(ctx, "SCRAM with server " + host + ": " + e.getMessage()));
      }
    });
  }

  private void ready(ChannelHandlerContext ctx) {
    if (pending != null && pending.isReadable()) {
      fail(ctx, "server " + host + " went on after ReadyForQuery");
      return;
    }
    ctx.channel().config().setAutoRead(false);
    ServerConnection connection =
        new ServerConnection(
            ctx.channel(),
            new ServerConnection.CancelTarget(route, host.host(), host.port()),
            pid,
            secret,
            parameters,
            TlsNumbers.version(TlsNumbers.session(ctx.channel())));
    releasePending();
    ctx.pipeline().remove(this);
    if (!promise.trySuccess(connection)) {
      ctx.close();
    }
  }

  private void fail(ChannelHandlerContext ctx, String message) {
    promise.tryFailure(new IOException(message));
    releasePending();
    ctx.close();
  }

  private void releasePending() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, "server " + host + " closed the connection during log-in");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, "server " + host + ": " + reason(cause));
  }
}
