package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A kill locks what it says, and tells what became of the transaction.
class KillTest {
  private static final String POLICY =
      """
      policy: kills
      state: active
      default: block
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
        - { id: roles.kill, who: { kind: agent }, what: { verb: [create-role] }, then: kill, kill: { lock: credential-and-descendants } }
        - { id: notify.kill, who: { kind: agent }, what: { verb: [notify] }, then: kill, kill: { lock: credential } }
      """;

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", "create table kept (n int)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private RunningGateway open() throws Exception {
    return new RunningGateway(server, folder, POLICY, "");
  }

  private static String child(RunningGateway gateway, String parent, String name) throws Exception {
    return RunningGateway.json(
            gateway.form("/token", RunningGateway.exchange(parent, "&name=" + name)))
        .path("access_token")
        .asText();
  }

  private static SQLException fails(Connection connection, String sql) {
    return catchThrowableOfType(
        SQLException.class, () -> connection.createStatement().execute(sql));
  }

  private static String refusal(RunningGateway gateway, String user, String token) {
    return catchThrowableOfType(SQLException.class, () -> gateway.connect(user, token))
        .getSQLState();
  }

  @Test
  void aRuleThatKillsLocksTheCredentialAndWhatWasIssuedFromIt() throws Exception {
    try (RunningGateway gateway = open()) {
      String root = gateway.token(RunningGateway.AGENT);
      String child = child(gateway, root, "helper");
      String grandchild = child(gateway, child, "deeper");
      try (Connection ofRoot = gateway.connect("agent", root);
          Connection ofChild = gateway.connect("helper", child);
          Connection second = gateway.connect("helper", child);
          Connection ofGrandchild = gateway.connect("deeper", grandchild)) {
        SQLException killed = fails(ofChild, "create role backdoor superuser");
        assertThat(killed.getSQLState()).isEqualTo("57P01");
        assertThat(killed.getMessage()).contains("roles.kill");

        assertThat(refusal(gateway, "helper", child)).isEqualTo("28000");
        RunningGateway.eventually(() -> !second.isValid(5) && !ofGrandchild.isValid(5));
        assertThat(ofRoot.isValid(5)).isTrue();
        RunningGateway.eventually(() ->
            gateway.form("/token", RunningGateway.exchange(grandchild, "")).statusCode() == 400);
      }
      gateway.restart();
      assertThat(refusal(gateway, "helper", child)).isEqualTo("28000");
      assertThat(refusal(gateway, "deeper", grandchild)).isEqualTo("28000");
      gateway.connect("agent", root).close();
      gateway.gateway.close();
      assertThat(gateway.events())
          .filteredOn(RecordedEvent.CredentialChange.class::isInstance)
          .anyMatch(
              event -> ((RecordedEvent.CredentialChange) event).reasonCode().equals("roles.kill"));
    }
  }

  @Test
  void aLockOfTheCredentialAloneLeavesItsChildren() throws Exception {
    try (RunningGateway gateway = open()) {
      String root = gateway.token(RunningGateway.AGENT);
      String child = child(gateway, root, "helper");
      try (Connection ofRoot = gateway.connect("agent", root);
          Connection ofChild = gateway.connect("helper", child)) {
        fails(ofRoot, "notify x");

        assertThat(refusal(gateway, "agent", root)).isEqualTo("28000");
        assertThat(ofChild.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void anOperatorKillsLocksAndHearsWhatBecameOfTheTransaction() throws Exception {
    try (RunningGateway gateway = open()) {
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      String root = gateway.token(RunningGateway.AGENT);
      try (Connection connection = gateway.connect("agent", root)) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("insert into kept values (1)");
        CompletableFuture<SQLException> cut =
            CompletableFuture.supplyAsync(
                () -> fails(connection, "select pg_sleep(60)"),
                task -> Thread.ofVirtual().start(task));
        JsonNode session = gateway.get("/v1/sessions", administrator).path("sessions").get(0);
        String kill = "/v1/sessions/" + session.path("session").asLong() + "/kill";
        assertThat(gateway.post(kill, administrator, "{\"lock\":\"all\"}").statusCode())
            .isEqualTo(400);
        TimeUnit.MILLISECONDS.sleep(200);

        HttpResponse<String> answer =
            gateway.post(kill, administrator, "{\"lock\":\"credential-and-descendants\"}");

        assertThat(RunningGateway.json(answer).path("transaction").asText())
            .as(answer.body())
            .isEqualTo("rolledBack");
        assertThat(cut.get(10, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
      }
      assertThat(refusal(gateway, "agent", root)).isEqualTo("28000");
      gateway.gateway.close();
      List<RecordedEvent.Kill> kills =
          gateway.events().stream()
              .filter(RecordedEvent.Kill.class::isInstance)
              .map(RecordedEvent.Kill.class::cast)
              .toList();
      assertThat(kills).hasSize(1);
      assertThat(kills.getFirst().transaction()).isEqualTo(RecordedEvent.Transaction.ROLLED_BACK);
      assertThat(kills.getFirst().by()).isNotZero();
    }
  }

  @Test
  void whatTheServerCommittedAfterAllIsSaidToBeCommitted() throws Exception {
    // the cancel comes too late: it is ignored while the statement runs
    server.run(
        "postgres",
        "create or replace function stubborn() returns void language plpgsql as $$ begin"
            + " for i in 1..20 loop begin perform pg_sleep(0.1); exception when query_canceled then"
            + " null; end; end loop; insert into kept values (2); end $$");
    try (RunningGateway gateway = open()) {
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      try (Connection connection = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
        CompletableFuture<SQLException> cut =
            CompletableFuture.supplyAsync(
                () -> fails(connection, "select stubborn()"),
                task -> Thread.ofVirtual().start(task));
        RunningGateway.eventually(() -> active("select stubborn()"));
        JsonNode session = gateway.get("/v1/sessions", administrator).path("sessions").get(0);

        HttpResponse<String> answer =
            gateway.post(
                "/v1/sessions/" + session.path("session").asLong() + "/kill", administrator, "");

        assertThat(cut.get(10, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
        assertThat(RunningGateway.json(answer).path("transaction").asText())
            .as(answer.body())
            .isEqualTo("committed");
      }
    }
    try (Connection superuser = server.superuser("postgres");
        var row = superuser.createStatement().executeQuery("select count(*) from kept")) {
      row.next();
      assertThat(row.getLong(1)).isEqualTo(1);
    }
  }

  private static boolean active(String sql) throws SQLException {
    try (Connection superuser = server.superuser("postgres");
        var row =
            superuser
                .createStatement()
                .executeQuery(
                    "select count(*) from pg_stat_activity where state = 'active' and query = '"
                        + sql
                        + "'")) {
      row.next();
      return row.getLong(1) > 0;
    }
  }
}
