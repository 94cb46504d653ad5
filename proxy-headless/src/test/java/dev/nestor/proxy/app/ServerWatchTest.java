package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who comes past the gateway is found, once; and what was granted is kept, in one form.
class ServerWatchTest {
  private static final String ALLOW_ALL =
      """
      policy: all
      state: active
      default: block
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
      """;

  private PostgresServer server;

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run(
        "postgres",
        "create role leaked login; create role reader; create table t (n int, m int);"
            + " grant select (n) on t to reader; grant reader to leaked");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunningGateway open(String bypass) throws Exception {
    return new RunningGateway(
        server,
        folder,
        ALLOW_ALL,
        "",
        """
          watched: { server: { hosts: ["%s:%d"], database: postgres, tls: off }, role: postgres, policy: policy.yaml, bypass: %s }
        """
            .formatted(server.host(), server.port(), bypass)
            .stripTrailing());
  }

  private Connection past(String role) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("ApplicationName", "stolen");
    return DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
  }

  @Test
  void aSessionPastTheGatewayIsAFindingOnceAndTheGatewaysOwnAreNone() throws Exception {
    try (RunningGateway gateway = open("{ scan: 1s, except-roles: [postgres] }")) {
      try (Connection through = gateway.connect("agent", gateway.token(RunningGateway.AGENT));
          Connection stolen = past("leaked")) {
        TimeUnit.SECONDS.sleep(4);
        assertThat(stolen.isValid(5)).isTrue();
        assertThat(through.isValid(5)).isTrue();
      }
      gateway.gateway.close();
      List<RecordedEvent.Finding> findings = findings(gateway);
      assertThat(findings).hasSize(1);
      assertThat(findings.getFirst().rule()).isEqualTo("gateway-bypassed");
      assertThat(findings.getFirst().role()).isEqualTo("leaked");
      assertThat(findings.getFirst().applicationName()).isEqualTo("stolen");
      assertThat(findings.getFirst().backendStart()).isPositive();
      assertThat(findings.getFirst().ended()).isZero();
    }
  }

  @Test
  void itIsEndedWhereTheConfigurationSaysSo() throws Exception {
    try (RunningGateway gateway = open("{ scan: 1s, then: end }")) {
      try (Connection through = gateway.connect("agent", gateway.token(RunningGateway.AGENT));
          Connection stolen = past("leaked")) {
        RunningGateway.eventually(() -> !stolen.isValid(1));
        TimeUnit.SECONDS.sleep(2);
        assertThat(through.isValid(5)).isTrue();
      }
      gateway.gateway.close();
      assertThat(findings(gateway)).isNotEmpty().allMatch(finding -> finding.ended() > 0);
    }
  }

  private static List<RecordedEvent.Finding> findings(RunningGateway gateway) throws Exception {
    return gateway.events().stream()
        .filter(RecordedEvent.Finding.class::isInstance)
        .map(RecordedEvent.Finding.class::cast)
        .toList();
  }

  private static List<RecordedEvent.Entitlements> entitlements(RunningGateway gateway)
      throws Exception {
    return gateway.events().stream()
        .filter(RecordedEvent.Entitlements.class::isInstance)
        .map(RecordedEvent.Entitlements.class::cast)
        .toList();
  }

  @Test
  void theEntitlementsAreKeptAtTheStartAndOnEveryChangeInOneForm() throws Exception {
    List<RecordedEvent.Entitlements> seen;
    try (RunningGateway gateway = open("{ scan: 1s, except-roles: [postgres] }")) {
      TimeUnit.SECONDS.sleep(3);
      server.run("postgres", "grant update on t to reader");
      TimeUnit.SECONDS.sleep(13);
      server.run("postgres", "revoke update on t from reader");
      TimeUnit.SECONDS.sleep(13);
      gateway.gateway.close();
      seen = entitlements(gateway);
      assertThat(seen).hasSize(3);
      assertThat(seen.get(1).sha256()).isNotEqualTo(seen.get(0).sha256());
      assertThat(seen.get(1).previousSha256()).isEqualTo(seen.get(0).sha256());
      assertThat(seen.get(2).sha256()).as("the same state").isEqualTo(seen.get(0).sha256());
      assertThat(seen.getFirst().counts()).hasSize(5).allMatch(count -> count >= 0);
      try (Archive archive = Archive.open(gateway.archive)) {
        String text =
            new String(
                archive.attachment(seen.get(1).sha256()).orElseThrow(), StandardCharsets.UTF_8);
        assertThat(text.lines())
            .contains(
                "[\"grant\", \"column\", \"public.t.n\", \"reader\", \"SELECT\", false]",
                "[\"grant\", \"table\", \"public.t\", \"reader\", \"UPDATE\", false]",
                "[\"member\", \"reader\", \"leaked\", false]")
            .isSorted();
      }
    }
  }
}
