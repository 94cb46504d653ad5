package dev.nestor.proxy.net;

import dev.nestor.policy.Policy;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.PolicyFile;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.postgres.sql.SqlLimits;
import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.proxy.budget.BudgetLedger;
import dev.nestor.proxy.catalog.CatalogWatch;
import dev.nestor.proxy.config.GatewayConfig.HostPort;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.credential.Presented;
import dev.nestor.proxy.decision.LabelPins;
import dev.nestor.proxy.decision.PlanRecorder;
import dev.nestor.proxy.decision.PolicyCallers;
import dev.nestor.proxy.decision.PolicyDecider;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The network side of a gateway that decides by a policy text, the live catalog and nothing else.
final class PolicyGateway implements AutoCloseable {
  static final DemoIssuer.Identity SERVICE =
      new DemoIssuer.Identity("billing", "service", List.of(), "");

  private final CatalogWatch catalog;
  private final TestGateway gateway;

  PolicyGateway(PostgresServer server, Path archive, String policyText) throws IOException {
    this(server, server.port(), archive, policyText);
  }

  /// @param port of the server to which sessions go; the catalog is read from the server itself
  PolicyGateway(PostgresServer server, int port, Path archive, String policyText)
      throws IOException {
    Policy policy =
        switch (PolicyFile.read(policyText)) {
          case PolicyFile.Valid(Policy valid) -> valid;
          case PolicyFile.Invalid invalid ->
              throw new IllegalArgumentException(invalid.errors().toString());
        };
    catalog =
        CatalogWatch.start(
            "postgres",
            () -> DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", ""));
    gateway =
        new TestGateway(
            new HostPort(server.host(), port),
            archive,
            Optional.empty(),
            recorder -> deciders(recorder, policy));
  }

  /// What was counted against the budgets of its callers.
  private final BudgetLedger ledger = new BudgetLedger(() -> 20_000);

  private final AtomicInteger sessions = new AtomicInteger();

  private Route.Deciders deciders(Recorder recorder, Policy policy) {
    LabelPins pins = new LabelPins(new PolicyDecisionPoint(policy));
    PlanRecorder plans =
        new PlanRecorder(
            recorder.objects(),
            new ArchiveObject.Policy(Bytes.of(new byte[32]), policy.name(), "", ""),
            ArchiveObject.Capture.MASKED,
            policy.rules().size(),
            policy::reasonOf);
    return (credential, database, wake) ->
        new PolicyDecider(
            pins,
            PolicyCallers.of(credential, database),
            catalog,
            plans,
            SqlLimits.DEFAULT,
            "postgres",
            MaskKey.of(1, 2),
            ledger.session(
                "s" + sessions.incrementAndGet(),
                credential.root().id(),
                credential.root().token().subject()),
            wake);
  }

  Connection connect(DemoIssuer.Identity identity) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", identity.name());
    properties.setProperty("password", gateway.token(identity));
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/postgres", properties);
  }

  /// A client of raw messages, logged in.
  RawClient raw(DemoIssuer.Identity identity) throws IOException {
    RawClient client = new RawClient(gateway.port());
    client.start(identity.name(), gateway.token(identity));
    return client;
  }

  /// The one request that waits for people, when it is there.
  PendingApproval waiting() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (gateway.gateway.approvals().waiting().size() != 1) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("nothing waits for people");
      }
      Thread.sleep(10);
    }
    return gateway.gateway.approvals().waiting().getFirst();
  }

  /// Somebody who may decide does.
  void vote(PendingApproval asked, boolean approve) throws Exception {
    Presented voter = gateway.gateway.credentials().present(gateway.token(TestGateway.ALICE));
    if (!(voter instanceof Presented.Live(HeldCredential alice))) {
      throw new AssertionError("the token of the approver is refused");
    }
    gateway.gateway.approvals().vote(asked.request().id(), alice, approve, "", _ -> {});
  }

  /// Plays a script, and tells all that came.
  List<RawClient.Message> exchanged(TranscriptTest.Script script) throws IOException {
    return TranscriptTest.exchanged(script, gateway.port(), SERVICE.name(), gateway.token(SERVICE));
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    catalog.close();
  }
}
