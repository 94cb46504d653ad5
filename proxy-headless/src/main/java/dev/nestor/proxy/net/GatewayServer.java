package dev.nestor.proxy.net;

import dev.nestor.proxy.approval.Approvals;
import dev.nestor.proxy.capture.Principals;
import dev.nestor.proxy.capture.SessionCapture;
import dev.nestor.proxy.config.GatewayConfig.Limits;
import dev.nestor.proxy.credential.Credentials;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.Ruling.CredentialLock;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.Ring;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for clients. One event loop per ring of the recorder; a connection stays on its loop.
public final class GatewayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
  static final SessionEnd SHUTDOWN =
      new SessionEnd(
          SessionEnd.Trigger.SHUTDOWN,
          SessionEnd.ADMIN_SHUTDOWN,
          "terminating connection: the gateway is shutting down");

  private static final int CANCEL_SECRET_BYTES = 4;
  private static final int CANCEL_SECRET_BYTES_3_2 = 32;

  private final Settings settings;
  private final Transport transport = Transport.best();
  private final MultiThreadIoEventLoopGroup acceptor;
  private final MultiThreadIoEventLoopGroup loops;
  private final List<EventLoop> loopOrder = new ArrayList<>();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final SessionRegistry registry = new SessionRegistry();
  private final Principals principals;
  private final InferredChildren inferredChildren = new InferredChildren();
  private final Approvals approvals;
  private final SecureRandom random = new SecureRandom();
  private final CancelSender cancels;
  private final Channel listening;
  private volatile boolean accepting = true;

  /// What a server is made of.
  ///
  /// @param tls for clients; empty for plain text on loopback
  /// @param loops event loops; the recorder has as many rings
  public record Settings(
      String host,
      int port,
      Optional<TlsContext> tls,
      Route.Table routes,
      Credentials credentials,
      Recorder recorder,
      int loops,
      Limits limits,
      Clock clock) {}

  private GatewayServer(Settings settings) throws IOException {
    this.settings = settings;
    this.principals = new Principals(settings.recorder());
    this.approvals = new Approvals(settings.clock());
    this.cancels = new CancelSender(transport);
    this.acceptor = transport.loops(1);
    this.loops = transport.loops(settings.loops());
    for (EventExecutor loop : loops) {
      loopOrder.add((EventLoop) loop);
    }
    try {
      this.listening =
          new ServerBootstrap()
              .group(acceptor, loops)
              .channel(transport.serverChannel())
              .option(ChannelOption.SO_BACKLOG, 1024)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.SO_KEEPALIVE, true)
              .childHandler(new Admission())
              .bind(settings.host(), settings.port())
              .sync()
              .channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      throw new IOException("interrupted while binding", e);
    } catch (Exception e) { // sync() rethrows what the bind threw, checked or not
      stop();
      throw new IOException(
          "cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + e.getMessage()
              + "; is another program using the port?",
          e);
    }
  }

  /// Stops Netty from looking for buffers that nobody released, which walks the stack for one in a
  /// hundred. For programs that serve; tests look. Does nothing where the property of Netty says
  /// how much to look.
  public static void withoutLeakDetection() {
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  /// Binds and begins to accept.
  ///
  /// @throws IOException if the port cannot be had; the message names it
  public static GatewayServer start(Settings settings) throws IOException {
    GatewayServer server = new GatewayServer(settings);
    settings.credentials().listen(new CredentialSessions(server));
    return server;
  }

  private final class Admission extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
      if (address == null) {
        channel.close();
        return;
      }
      InetAddress source = address.getAddress();
      Limits limits = settings.limits();
      if (!accepting
          || !registry.enter(source, limits.connectionsMax(), limits.connectionsPerAddressMax())) {
        channel.close();
        return;
      }
      channel.closeFuture().addListener(_ -> registry.leave(source));
      channel.pipeline().addLast(new ClientStart(GatewayServer.this, address));
    }
  }

  /// The port that clients connect to.
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /// The live sessions.
  public SessionRegistry registry() {
    return registry;
  }

  /// Numbers of principals, also of those who use the control API.
  public Principals principals() {
    return principals;
  }

  /// Threads that may block.
  public Executor blocking() {
    return blocking;
  }

  /// What waits for people.
  public Approvals approvals() {
    return approvals;
  }

  /// Records events of a live session, one directly behind the other; nothing if it has ended.
  public void record(long session, List<RecordedEvent> events) {
    GatewaySession live = registry.byNumber(session);
    if (live != null) {
      live.record(events);
    }
  }

  /// What callers come with.
  public Credentials credentials() {
    return settings.credentials();
  }

  Optional<TlsContext> tls() {
    return settings.tls();
  }

  Route.Table routes() {
    return settings.routes();
  }

  /// Where everything is recorded.
  public Recorder recorder() {
    return settings.recorder();
  }

  Limits limits() {
    return settings.limits();
  }

  /// Says what time it is.
  public Clock clock() {
    return settings.clock();
  }

  InferredChildren inferredChildren() {
    return inferredChildren;
  }

  Transport transport() {
    return transport;
  }

  CancelSender cancels() {
    return cancels;
  }

  /// Whether new sessions are let in.
  public boolean accepting() {
    return accepting;
  }

  /// Runs something on an event loop, with the ring that belongs to it.
  public void onLoop(int index, java.util.function.Consumer<Ring> action) {
    loopOrder.get(index).execute(() -> action.accept(settings.recorder().ring(index)));
  }

  /// Records events of no session. Any thread; what finds the ring full waits for room.
  public void record(List<RecordedEvent> events) {
    try {
      onLoop(
          0,
          ring -> {
            long now = System.nanoTime();
            for (int i = 0; i < events.size(); i++) {
              if (!ring.event(now, events.get(i))) {
                List<RecordedEvent> rest = List.copyOf(events.subList(i, events.size()));
                ring.commit();
                ring.whenFreed(() -> record(rest));
                return;
              }
            }
            ring.commit();
          });
    } catch (RejectedExecutionException e) {
      LOG.warn("{} events came after the gateway had stopped", events.size());
    }
  }

  /// Ends a credential because a rule says so. Event loops may call it: the end holds when this
  /// returns, and is made durable elsewhere.
  void lock(HeldCredential credential, CredentialLock lock) {
    credentials().lock(credential, lock.rule(), lock.withDescendants());
    blocking.execute(() -> {
      try {
        credentials().keep(credential);
      } catch (IOException e) {
        LOG.error("the lock of credential {} could not be written down", credential.id(), e);
      }
    });
  }

  SessionCapture openCapture(EventLoop loop) {
    Ring ring = settings.recorder().ring(loopOrder.indexOf(loop));
    return new SessionCapture(settings.recorder(), ring, loop, System::nanoTime);
  }

  byte[] cancelSecret(boolean longKeys) {
    byte[] secret = new byte[longKeys ? CANCEL_SECRET_BYTES_3_2 : CANCEL_SECRET_BYTES];
    random.nextBytes(secret);
    return secret;
  }

  /// An identifier for a replaced statement: unique, and not to be guessed.
  String nonce() {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return "nestor-" + HexFormat.of().formatHex(bytes);
  }

  /// Stops accepting, lets running statements finish for a while, ends what is left.
  ///
  /// @param patience longest wait for running statements
  public void drain(Duration patience) {
    accepting = false;
    listening.close();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!registry.all().isEmpty() && System.nanoTime() < deadline) {
      registry.all().forEach(session -> session.endIfIdle(SHUTDOWN));
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    List<GatewaySession> left = List.copyOf(registry.all());
    left.forEach(session -> session.end(SHUTDOWN, 0));
    try {
      CompletableFuture.allOf(
              left.stream().map(GatewaySession::ended).toArray(CompletableFuture[]::new))
          .get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      // their record says that the session has no end
    }
  }

  /// Drains at once and stops the loops. The recorder stays open: it belongs to the caller.
  @Override
  public void close() {
    drain(Duration.ZERO);
    stop();
  }

  private void stop() {
    approvals.close();
    acceptor.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    blocking.shutdownNow();
  }
}
