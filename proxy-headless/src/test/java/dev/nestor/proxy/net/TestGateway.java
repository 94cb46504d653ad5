package dev.nestor.proxy.net;

import dev.nestor.policy.RowCapture;
import dev.nestor.proxy.config.GatewayConfig.ClaimNames;
import dev.nestor.proxy.config.GatewayConfig.HostPort;
import dev.nestor.proxy.config.GatewayConfig.Limits;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import dev.nestor.proxy.credential.Credentials;
import dev.nestor.proxy.credential.DelegationLimits;
import dev.nestor.proxy.identity.TokenVerifier;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The network side of a gateway in front of a server under test, without TLS, with a decider that
/// obeys words in the text ([AllowAll]).
final class TestGateway implements AutoCloseable {
  static final DemoIssuer.Identity ALICE =
      new DemoIssuer.Identity("alice", "human", List.of("dba"), "");
  private static final int RING_BYTES = 64 << 20;

  final DemoIssuer issuer;
  final StateStore store;
  final Recorder recorder;
  final GatewayServer gateway;

  TestGateway(PostgresServer server, Path archive) throws IOException {
    this(server, archive, Optional.empty());
  }

  TestGateway(PostgresServer server, Path archive, Optional<TlsContext> tls) throws IOException {
    this(
        server,
        archive,
        tls,
        recorder -> {
          AllowAll decider = new AllowAll(recorder.objects());
          return (_, _, _) -> decider;
        });
  }

  /// @param deciders what decides, made for the recorder
  TestGateway(
      PostgresServer server,
      Path archive,
      Optional<TlsContext> tls,
      Function<Recorder, Route.Deciders> deciders)
      throws IOException {
    this(new HostPort(server.host(), server.port()), archive, tls, deciders);
  }

  /// @param server where sessions go
  TestGateway(
      HostPort server,
      Path archive,
      Optional<TlsContext> tls,
      Function<Recorder, Route.Deciders> deciders)
      throws IOException {
    issuer = DemoIssuer.start();
    store = StateStore.inMemory();
    recorder =
        Recorder.start(
            RecorderSettings.of(archive, HostKey.test(1)).withRings(2).withRingBytes(RING_BYTES));
    recorder.onFailure(failure -> {
      throw new AssertionError("the recorder failed", failure.cause());
    });
    Route route =
        new Route(
            "*",
            List.of(server),
            Optional.empty(),
            Optional.empty(),
            "postgres",
            Optional.empty(),
            RowCapture.MASKED,
            deciders.apply(recorder));
    TrustedIssuer trusted =
        new TrustedIssuer(
            issuer.url(),
            "nestor",
            List.of("ES256"),
            List.of("at+jwt"),
            Optional.empty(),
            false,
            new ClaimNames("preferred_username", "groups", "scope", "nestor_kind"));
    gateway =
        GatewayServer.start(
            new GatewayServer.Settings(
                "127.0.0.1",
                0,
                tls,
                _ -> route,
                Credentials.start(
                    store,
                    new TokenVerifier(List.of(trusted), Clock.systemUTC()),
                    DelegationLimits.STANDARD,
                    Clock.systemUTC()),
                recorder,
                2,
                Limits.STANDARD,
                Clock.systemUTC()));
  }

  int port() {
    return gateway.port();
  }

  String token() {
    return token(ALICE);
  }

  String token(DemoIssuer.Identity identity) {
    return issuer.token(identity, Duration.ofHours(1));
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    recorder.close();
    store.close();
    issuer.close();
  }
}
