package dev.nestor.proxy.app;

import static dev.nestor.proxy.app.RunningGateway.AGENT;
import static dev.nestor.proxy.app.RunningGateway.exchange;
import static dev.nestor.proxy.app.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway has issued, ended and counted is the same after it was killed (SIGKILL) and
/// started again, and what waited for people has not run.
class KilledGatewayTest {
  private static final String POLICY =
      """
      policy: killed
      state: active
      default: block
      rules:
        - { id: read, what: { verb: [select, set, show, begin, commit] }, then: allow }
        - { id: drop, who: { kind: agent }, what: { verb: [drop] }, then: hold, hold: { approvers: dba, count: 2, within: 60s } }
        - { id: daily, who: { kind: service }, limit: { rows: 100, per: day }, then: block }
        - { id: each, who: { kind: agent }, limit: { rows: 50, per: credential }, then: block }
      """;
  private static final DemoIssuer.Identity SERVICE =
      new DemoIssuer.Identity("billing", "service", List.of(), "");

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", "create table numbers as select generate_series(1, 1000) as n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static int rows(Connection connection, int wanted) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select n from numbers where n <= " + wanted)) {
      int rows = 0;
      while (row.next()) {
        rows++;
      }
      return rows;
    }
  }

  private static String issued(RunningGateway gateway, String parent, String name)
      throws Exception {
    return json(gateway.form("/token", exchange(parent, "&name=" + name)))
        .path("access_token")
        .asText();
  }

  private static String credential(RunningGateway gateway, String administrator, String name)
      throws Exception {
    for (JsonNode each : gateway.get("/v1/credentials", administrator).path("credentials")) {
      if (each.path("name").asText().equals(name)) {
        return each.path("credential").asText();
      }
    }
    throw new AssertionError("no credential of " + name);
  }

  @Test
  void credentialsRevocationsAndWhatWaitedAreAsTheyWere() throws Exception {
    server.run("postgres", "drop table if exists doomed; create table doomed (a int)");
    try (RunningGateway gateway = new RunningGateway(server, folder, POLICY, "")) {
      gateway.inProcessOfItsOwn();
      String root = gateway.token(AGENT);
      String kept = issued(gateway, root, "kept");
      String below = issued(gateway, kept, "below");
      String ended = issued(gateway, root, "ended");
      String underEnded = issued(gateway, ended, "under-ended");
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      String endedId = credential(gateway, administrator, "ended");
      assertThat(
              gateway
                  .post("/v1/credentials/" + endedId + "/revoke", administrator, "{}")
                  .statusCode())
          .isEqualTo(200);
      CompletableFuture<String> held =
          CompletableFuture.supplyAsync(
              () -> {
                try (Connection agent = gateway.connect("agent", root);
                    Statement statement = agent.createStatement()) {
                  statement.execute("drop table doomed");
                  return "ran";
                } catch (SQLException e) {
                  return String.valueOf(e.getSQLState());
                }
              },
              task -> Thread.ofVirtual().start(task));
      RunningGateway.eventually(
          () -> gateway.get("/v1/approvals", administrator).path("approvals").size() == 1);
      JsonNode waiting = gateway.get("/v1/approvals", administrator).path("approvals").get(0);
      String approval = "/v1/approvals/" + waiting.path("approval").asText() + "/approve";
      assertThat(gateway.post(approval, administrator, "").statusCode()).isEqualTo(200); // 1 of 2

      gateway.killAndStartAgain();

      assertThat(held.get(30, TimeUnit.SECONDS)).isNotEqualTo("ran");
      assertThat(gateway.get("/v1/approvals", administrator).path("approvals")).isEmpty();
      assertThat(gateway.post(approval, gateway.token(RunningGateway.APPROVER), "").statusCode())
          .isGreaterThanOrEqualTo(400);
      for (Map.Entry<String, String> good :
          Map.of("agent", root, "kept", kept, "below", below).entrySet()) {
        try (Connection connection = gateway.connect(good.getKey(), good.getValue())) {
          assertThat(rows(connection, 1)).isEqualTo(1);
        }
      }
      for (Map.Entry<String, String> over :
          Map.of("ended", ended, "under-ended", underEnded).entrySet()) {
        assertThatThrownBy(() -> gateway.connect(over.getKey(), over.getValue()).close())
            .isInstanceOf(SQLException.class);
        assertThat(gateway.form("/token", exchange(over.getValue(), "&name=more")).statusCode())
            .isGreaterThanOrEqualTo(400);
      }
      try (Connection superuser = server.superuser("postgres");
          ResultSet row =
              superuser
                  .createStatement()
                  .executeQuery("select count(*) from pg_class where relname = 'doomed'")) {
        row.next();
        assertThat(row.getInt(1)).isOne();
      }
    }
  }

  @Test
  void whatWasCountedByDayAndByCredentialStaysCounted() throws Exception {
    try (RunningGateway gateway = new RunningGateway(server, folder, POLICY, "")) {
      gateway.inProcessOfItsOwn();
      String service = gateway.token(SERVICE);
      String agent = gateway.token(AGENT);
      try (Connection connection = gateway.connect("billing", service)) {
        assertThat(rows(connection, 70)).isEqualTo(70);
      }
      try (Connection connection = gateway.connect("agent", agent)) {
        assertThat(rows(connection, 40)).isEqualTo(40);
      }
      Thread.sleep(3000); // what is counted is kept once a second

      gateway.killAndStartAgain();

      try (Connection connection = gateway.connect("billing", gateway.token(SERVICE))) {
        assertThatThrownBy(() -> rows(connection, 40))
            .hasMessageContaining("stopped by policy rule");
      }
      try (Connection connection = gateway.connect("agent", agent)) {
        assertThat(rows(connection, 5)).isEqualTo(5);
        assertThatThrownBy(() -> rows(connection, 40))
            .hasMessageContaining("stopped by policy rule");
      }
    }
  }
}
