package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.CredentialStep;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Children by the control API, at a whole gateway with a real client and server.
class ChildCredentialsTest {
  private static final String ALLOW_ALL =
      """
      policy: all
      state: active
      default: block
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
      """;

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private RunningGateway open() throws Exception {
    return new RunningGateway(
        server, folder, ALLOW_ALL, "credentials: { depth: 2, fan-out: 2, lifetime: 30m }");
  }

  private static String child(RunningGateway gateway, String parent, String name) throws Exception {
    HttpResponse<String> answer =
        gateway.form("/token", RunningGateway.exchange(parent, "&name=" + name));
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
    return RunningGateway.json(answer).path("access_token").asText();
  }

  private static CompletableFuture<SQLException> sleeping(Connection connection) {
    return CompletableFuture.supplyAsync(
        () ->
            catchThrowableOfType(
                SQLException.class,
                () -> connection.createStatement().execute("select pg_sleep(60)")),
        task -> Thread.ofVirtual().start(task)); // the common pool may have one thread
  }

  @Test
  void anExchangeAnswersAsTheRfcSays() throws Exception {
    try (RunningGateway gateway = open()) {
      HttpResponse<String> answer =
          gateway.form(
              "/token",
              RunningGateway.exchange(
                  gateway.token(RunningGateway.AGENT),
                  "&scope=orders.read&lifetime=120&name=nightly-job"));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(RunningGateway.headers(answer)).containsEntry("cache-control", "no-store");
      JsonNode body = RunningGateway.json(answer);
      assertThat(body.path("issued_token_type").asText())
          .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
      assertThat(body.path("token_type").asText()).isEqualTo("Bearer");
      assertThat(body.path("scope").asText()).isEqualTo("orders.read");
      assertThat(body.path("expires_in").asInt()).isBetween(100, 120);
      try (Connection connection =
          gateway.connect("nightly-job", body.path("access_token").asText())) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void badRequestsGetErrorDocuments() throws Exception {
    try (RunningGateway gateway = open()) {
      String token = gateway.token(RunningGateway.AGENT);
      String good = RunningGateway.exchange(token, "");
      Map<String, String> cases =
          Map.of(
              good + "&scope=admin",
              "invalid_scope",
              good + "&scope=a&scope=b",
              "invalid_request",
              good + "&lifetime=999999",
              "invalid_request",
              good + "&audience=elsewhere",
              "invalid_target",
              good.replace("token-exchange", "jwt-bearer"),
              "unsupported_grant_type",
              good.replace("subject_token=" + token, "subject_token=x.y.z"),
              "invalid_request",
              "",
              "invalid_request",
              "grant_type",
              "invalid_request",
              good.replace("access_token&subject_token=", "id_token&subject_token="),
              "invalid_request");
      for (Map.Entry<String, String> each : cases.entrySet()) {
        HttpResponse<String> answer = gateway.form("/token", each.getKey());

        assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(400);
        assertThat(RunningGateway.json(answer).path("error").asText())
            .as(each.getKey())
            .isEqualTo(each.getValue());
        assertThat(RunningGateway.headers(answer)).containsEntry("cache-control", "no-store");
        assertThat(answer.body()).doesNotContain(token);
      }
      HttpResponse<String> json = gateway.post("/token", token, "{}");
      assertThat(json.statusCode()).isEqualTo(400);
      assertThat(RunningGateway.json(json).path("error").asText()).isEqualTo("invalid_request");
      HttpResponse<String> got = gateway.send(HttpRequest.newBuilder(gateway.control("/token")));
      assertThat(got.statusCode()).isEqualTo(405);
      assertThat(RunningGateway.headers(got)).containsEntry("allow", "POST");
      // repeated, it is one more child, until there are as many as may be
      assertThat(gateway.form("/token", good).statusCode()).isEqualTo(200);
      assertThat(gateway.form("/token", good).statusCode()).isEqualTo(200);
      assertThat(gateway.form("/token", good).body()).contains("2 live children");
    }
  }

  @Test
  void revokingAParentCutsEveryDescendantInTheMiddleOfItsStatement() throws Exception {
    String grandchild;
    try (RunningGateway gateway = open()) {
      String root = gateway.token(RunningGateway.AGENT);
      String child = child(gateway, root, "planner");
      grandchild = child(gateway, child, "worker");
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      try (Connection ofRoot = gateway.connect("agent", root);
          Connection ofChild = gateway.connect("planner", child);
          Connection ofGrandchild = gateway.connect("worker", grandchild)) {
        CompletableFuture<SQLException> cutChild = sleeping(ofChild);
        CompletableFuture<SQLException> cutGrandchild = sleeping(ofGrandchild);
        RunningGateway.eventually(() -> sleepers() == 2);
        String id = credential(gateway, administrator, "planner").path("credential").asText();

        HttpResponse<String> answer =
            gateway.post(
                "/v1/credentials/" + id + "/revoke", administrator, "{\"reason\":\"left\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(RunningGateway.json(answer).path("credentialsEnded").asInt()).isEqualTo(2);
        assertThat(RunningGateway.json(answer).path("sessionsEnded").asInt()).isEqualTo(2);
        for (CompletableFuture<SQLException> cut : List.of(cutChild, cutGrandchild)) {
          assertThat(cut.get(10, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
        }
        assertThat(ofRoot.isValid(5)).isTrue();
        RunningGateway.eventually(() -> sleepers() == 0);
        assertThat(refusal(gateway, "worker", grandchild)).isEqualTo("28000");
        gateway.restart();
        assertThat(refusal(gateway, "planner", child)).isEqualTo("28000");
        assertThat(refusal(gateway, "worker", grandchild)).isEqualTo("28000");
        assertThat(gateway.form("/token", RunningGateway.exchange(grandchild, "")).body())
            .contains("parent-ended");
        assertThat(
                credential(gateway, gateway.token(RunningGateway.ADMINISTRATOR), "planner")
                    .path("reason")
                    .asText())
            .isEqualTo("left");
      }
      gateway.gateway.close();
      judge(gateway.events());
      secrets(List.of(root, child, grandchild, administrator));
    }
  }

  /// The archive has parentage as verified, every step, and how each session ended.
  private static void judge(List<RecordedEvent> events) {
    List<RecordedEvent.Credential> credentials = of(events, RecordedEvent.Credential.class);
    RecordedEvent.Credential worker =
        credentials.stream().filter(each -> each.depth() == 2).findFirst().orElseThrow();
    RecordedEvent.Credential planner =
        credentials.stream()
            .filter(each -> each.no() == worker.parentNo())
            .findFirst()
            .orElseThrow();
    assertThat(planner.depth()).isEqualTo(1);
    assertThat(worker.lineage()).isEqualTo(RecordedEvent.Lineage.VERIFIED);
    assertThat(worker.subject()).isEqualTo(planner.subject()).isNotEqualTo(planner.actor());
    List<RecordedEvent.CredentialChange> changes = of(events, RecordedEvent.CredentialChange.class);
    assertThat(changes)
        .filteredOn(change -> change.no() == planner.no())
        .extracting(RecordedEvent.CredentialChange::step)
        .containsSubsequence(
            CredentialStep.ISSUED, CredentialStep.EXCHANGED, CredentialStep.REVOKED);
    assertThat(changes)
        .filteredOn(change -> change.no() == worker.no())
        .extracting(RecordedEvent.CredentialChange::step)
        .contains(CredentialStep.PARENT_ENDED, CredentialStep.USED_AFTER_END);
    assertThat(changes)
        .filteredOn(change -> change.step() == CredentialStep.REVOKED)
        .allMatch(change -> change.by() != 0 && change.reasonCode().equals("left"))
        .extracting(RecordedEvent.CredentialChange::sessionsEnded)
        .containsExactly(1L);
    assertThat(of(events, RecordedEvent.Kill.class))
        .hasSize(2)
        .allMatch(kill -> kill.trigger() == RecordedEvent.Trigger.REVOKED && kill.by() != 0);
    assertThat(of(events, RecordedEvent.Session.class))
        .extracting(RecordedEvent.Session::refusalCode)
        .contains("revoked", "parent-ended");
    assertThat(of(events, RecordedEvent.Session.class))
        .extracting(RecordedEvent.Session::method)
        .contains(RecordedEvent.Method.JWT, RecordedEvent.Method.CHILD);
  }

  private static <T> List<T> of(List<RecordedEvent> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// No file of the gateway holds a token.
  private void secrets(List<String> tokens) throws Exception {
    List<Path> files;
    try (var walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSizeGreaterThan(4);
    for (Path file : files) {
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      for (String token : tokens) {
        assertThat(content.contains(token.substring(token.lastIndexOf('.') + 1)))
            .as(file.toString())
            .isFalse();
      }
    }
  }

  private static JsonNode credential(RunningGateway gateway, String administrator, String name)
      throws Exception {
    for (JsonNode each : gateway.get("/v1/credentials", administrator).path("credentials")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no credential of " + name);
  }

  private static long sleepers() throws SQLException {
    try (Connection superuser = server.superuser("postgres");
        var row =
            superuser
                .createStatement()
                .executeQuery(
                    "select count(*) from pg_stat_activity where state = 'active' and query ="
                        + " 'select pg_sleep(60)'")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String refusal(RunningGateway gateway, String user, String token) {
    return catchThrowableOfType(SQLException.class, () -> gateway.connect(user, token))
        .getSQLState();
  }

  @Test
  void anExpiringParentTakesItsChildrensClientsWithIt() throws Exception {
    try (RunningGateway gateway = open()) {
      Instant now = Instant.now();
      String root = gateway.issuer.token(RunningGateway.AGENT, now, now.plusSeconds(4), Map.of());
      String child = child(gateway, root, "worker");
      try (Connection ofRoot = gateway.connect("agent", root);
          Connection ofChild = gateway.connect("worker", child)) {
        CompletableFuture<SQLException> cutRoot = sleeping(ofRoot);
        CompletableFuture<SQLException> cutChild = sleeping(ofChild);

        assertThat(cutRoot.get(20, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
        assertThat(cutChild.get(20, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
      }
      assertThat(refusal(gateway, "worker", child)).isEqualTo("28000");
      gateway.gateway.close();
      assertThat(of(gateway.events(), RecordedEvent.SessionEnd.class))
          .extracting(RecordedEvent.SessionEnd::trigger)
          .contains(RecordedEvent.Trigger.EXPIRED);
    }
  }

  @Test
  void onlyOperatorsAndAncestorsSeeAndRevoke() throws Exception {
    try (RunningGateway gateway = open()) {
      String root = gateway.token(RunningGateway.AGENT);
      String child = child(gateway, root, "worker");
      String other = gateway.token(new DemoIssuer.Identity("other", "agent", List.of(), "x"));
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      JsonNode worker = credential(gateway, administrator, "worker");
      String revoke = "/v1/credentials/" + worker.path("credential").asText() + "/revoke";
      String ofRoot = "/v1/credentials/" + worker.path("parent").asText() + "/revoke";

      assertThat(names(gateway.get("/v1/credentials", child))).containsExactly("worker");
      assertThat(names(gateway.get("/v1/credentials", root))).containsExactly("agent", "worker");
      assertThat(gateway.post(revoke, other, "").statusCode()).isEqualTo(403);
      assertThat(gateway.post(ofRoot, child, "").statusCode()).isEqualTo(403);
      assertThat(gateway.post(revoke, "x.y.z", "").statusCode()).isEqualTo(401);
      assertThat(gateway.post("/v1/credentials/c-00/revoke", administrator, "").statusCode())
          .isEqualTo(404);
      assertThat(gateway.post(revoke, administrator, "[]").statusCode()).isEqualTo(400);
      assertThat(gateway.post(revoke, root, "").statusCode()).isEqualTo(200);
      assertThat(gateway.get("/v1/credentials", child).path("error").asText())
          .isEqualTo("the token was refused");
    }
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    answer.path("credentials").forEach(each -> names.add(each.path("name").asText()));
    return names;
  }
}
