package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/// Who is blocked is told the command that asks for access; what people grant holds for the one who
/// asked, for the window, and for nobody else.
class AccessTest {
  private static final String POLICY =
      """
      policy: access
      state: active
      default: block
      rules:
        - { id: read, who: { scope: orders.read }, what: { verb: [select] }, then: allow }
        - { id: settings, what: { verb: [set, show] }, then: allow }
        - { id: write, who: { scope: orders.write }, what: { verb: [insert, update] }, then: allow }
        - { id: purge, who: { scope: orders.purge }, what: { verb: [delete] }, then: allow }
        - { id: never, what: { verb: [drop] }, then: block }
      access:
        - { scope: orders.write, approvers: dba, at-most: 30m }
        - { scope: orders.purge, approvers: dba, count: 2, at-most: 5s }
      """;
  private static final DemoIssuer.Identity ROBOT =
      new DemoIssuer.Identity("robot", "service", List.of("dba"), "");
  private static final DemoIssuer.Identity OUTSIDER =
      new DemoIssuer.Identity("outsider", "human", List.of("support"), "");
  private static final DemoIssuer.Identity PERSON =
      new DemoIssuer.Identity("person", "human", List.of("dba"), "orders.read");

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", "create table orders (n int)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private RunningGateway open() throws Exception {
    return new RunningGateway(server, folder, POLICY, "store: sqlite:state.db");
  }

  private static String hint(Connection connection, String sql) {
    PSQLException refused =
        catchThrowableOfType(PSQLException.class, () -> connection.createStatement().execute(sql));
    assertThat((Throwable) refused).as(sql).isNotNull();
    assertThat(refused.getSQLState()).isEqualTo("42501");
    return String.valueOf(
        java.util.Objects.requireNonNull(refused.getServerErrorMessage()).getHint());
  }

  private static JsonNode ask(RunningGateway gateway, String token, String scope, int seconds)
      throws Exception {
    HttpResponse<String> answer =
        gateway.post(
            "/v1/access",
            token,
            """
            {"database": "postgres", "scope": "%s", "seconds": %d, "reason": "ticket 4711"}\
            """
                .formatted(scope, seconds));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningGateway.json(answer);
  }

  private static HttpResponse<String> decide(
      RunningGateway gateway, String token, JsonNode request, String verb) throws Exception {
    return gateway.post("/v1/access/" + request.path("access").asText() + "/" + verb, token, "");
  }

  private static void insert(Connection connection) throws SQLException {
    connection.createStatement().execute("insert into orders values (1)");
  }

  @Test
  void theHintIsTheCommandAndWhatItAsksForLetsTheStatementRun() throws Exception {
    try (RunningGateway gateway = open()) {
      String agent = gateway.token(RunningGateway.AGENT);
      String scope;
      try (Connection blocked = gateway.connect("agent", agent)) {
        String hint = hint(blocked, "insert into orders values (1)");
        Matcher command =
            Pattern.compile(
                    ".*nestor access request --database postgres --scope (\\S+) --reason .+")
                .matcher(hint);
        assertThat(command.matches()).as(hint).isTrue();
        scope = command.group(1);
        assertThat(hint(blocked, "drop table orders")).doesNotContain("nestor access request");
      }
      JsonNode request = ask(gateway, agent, scope, 600);
      assertThat(decide(gateway, agent, request, "take").statusCode()).isEqualTo(409);
      assertThat(
              decide(gateway, gateway.token(RunningGateway.APPROVER), request, "approve")
                  .statusCode())
          .isEqualTo(200);
      HttpResponse<String> taken = decide(gateway, agent, request, "take");
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
      assertThat(RunningGateway.headers(taken)).containsEntry("cache-control", "no-store");
      assertThat(RunningGateway.json(taken).path("expires_in").asInt()).isBetween(500, 600);

      String wider = RunningGateway.json(taken).path("access_token").asText();
      try (Connection works = gateway.connect("agent", wider)) {
        insert(works);
      }
      assertThat(decide(gateway, agent, request, "take").statusCode()).as("once").isEqualTo(409);
      gateway.gateway.close();
      assertThat(gateway.events())
          .anySatisfy(event -> assertThat(event).isInstanceOf(RecordedEvent.ApprovalAsk.class))
          .anySatisfy(event -> assertThat(event).isInstanceOf(RecordedEvent.ApprovalVote.class))
          .anySatisfy(event ->
              assertThat(event)
                  .isInstanceOfSatisfying(
                      RecordedEvent.CredentialChange.class,
                      change ->
                          assertThat(change.ticket()).isEqualTo(request.path("access").asText())));
    }
  }

  @Test
  void whatWasGrantedCannotBeHandedOnAndEndsWithTheCredentialThatAsked() throws Exception {
    try (RunningGateway gateway = open()) {
      String agent = gateway.token(RunningGateway.AGENT);
      JsonNode request = ask(gateway, agent, "orders.write", 600);
      decide(gateway, gateway.token(RunningGateway.APPROVER), request, "approve");
      String wider =
          RunningGateway.json(decide(gateway, agent, request, "take"))
              .path("access_token")
              .asText();

      HttpResponse<String> handedOn =
          gateway.form("/token", RunningGateway.exchange(wider, "&scope=orders.write"));
      assertThat(handedOn.statusCode()).isEqualTo(400);
      assertThat(handedOn.body()).contains("invalid_scope", "orders.write");
      JsonNode child =
          RunningGateway.json(gateway.form("/token", RunningGateway.exchange(wider, "&name=kid")));
      assertThat(child.path("scope").asText()).isEqualTo("carts.write orders.read");

      try (Connection works = gateway.connect("agent", wider)) {
        insert(works);
        String id = request.path("credential").asText();
        String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
        assertThat(
                gateway.post("/v1/credentials/" + id + "/revoke", administrator, "").statusCode())
            .isEqualTo(200);
        RunningGateway.eventually(() -> !works.isValid(1));
      }
    }
  }

  @Test
  void onlyOtherPeopleOfTheGroupDecideEachOnceAndOneRefusalIsEnough() throws Exception {
    try (RunningGateway gateway = open()) {
      String person = gateway.token(PERSON);
      JsonNode purge = ask(gateway, person, "orders.purge", 5);
      assertThat(decide(gateway, person, purge, "approve").body()).contains("your own request");
      assertThat(decide(gateway, gateway.token(ROBOT), purge, "approve").statusCode())
          .isEqualTo(403);
      assertThat(decide(gateway, gateway.token(OUTSIDER), purge, "approve").statusCode())
          .isEqualTo(403);
      String approver = gateway.token(RunningGateway.APPROVER);
      assertThat(decide(gateway, approver, purge, "approve").body()).contains("waiting");
      assertThat(decide(gateway, approver, purge, "approve").statusCode()).isEqualTo(409);
      assertThat(decide(gateway, person, purge, "take").statusCode()).isEqualTo(409);
      assertThat(
              decide(gateway, gateway.token(RunningGateway.ADMINISTRATOR), purge, "approve").body())
          .contains("granted");

      JsonNode refused = ask(gateway, person, "orders.write", 5);
      assertThat(decide(gateway, approver, refused, "refuse").body()).contains("refused");
      assertThat(decide(gateway, approver, refused, "approve").statusCode()).isEqualTo(404);
      assertThat(decide(gateway, person, refused, "take").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void requestsAndVotesOutliveTheGateway() throws Exception {
    try (RunningGateway gateway = open()) {
      String agent = gateway.token(RunningGateway.AGENT);
      JsonNode purge = ask(gateway, agent, "orders.purge", 5);
      JsonNode write = ask(gateway, agent, "orders.write", 600);
      String approver = gateway.token(RunningGateway.APPROVER);
      decide(gateway, approver, purge, "approve");
      decide(gateway, approver, write, "approve");
      gateway.restart();

      assertThat(gateway.get("/v1/access", approver).path("requests"))
          .hasSize(2)
          .extracting(each -> each.path("state").asText())
          .containsExactly("waiting", "granted");
      assertThat(decide(gateway, approver, purge, "approve").statusCode())
          .as("the vote before the restart still counts")
          .isEqualTo(409);
      String wider =
          RunningGateway.json(decide(gateway, agent, write, "take")).path("access_token").asText();
      gateway.restart();
      try (Connection works = gateway.connect("agent", wider)) {
        insert(works);
      }
      assertThat(decide(gateway, agent, write, "take").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void whatCannotBeAskedForIsSaidWithTheRange() throws Exception {
    try (RunningGateway gateway = open()) {
      String agent = gateway.token(RunningGateway.AGENT);
      String body = "{\"database\": \"postgres\", \"scope\": \"%s\", \"reason\": \"%s\"%s}";
      assertThat(gateway.post("/v1/access", agent, body.formatted("orders.drop", "x", "")).body())
          .contains("does not offer the scope orders.drop");
      assertThat(
              gateway
                  .post(
                      "/v1/access",
                      agent,
                      body.formatted("orders.write", "x", ", \"seconds\": 7200"))
                  .body())
          .contains("7200 s (expected: 1 to 1800");
      assertThat(
              gateway
                  .post(
                      "/v1/access", agent, body.formatted("orders.write", "x", ", \"seconds\": 0"))
                  .statusCode())
          .isEqualTo(400);
      assertThat(gateway.post("/v1/access", agent, body.formatted("orders.write", " ", "")).body())
          .contains("a reason is needed");
      assertThat(
              gateway
                  .post("/v1/access", agent, body.formatted("orders.write", "a\\u001bb", ""))
                  .statusCode())
          .isEqualTo(400);
      assertThat(gateway.post("/v1/access", agent, "[]").statusCode()).isEqualTo(400);
      assertThat(gateway.post("/v1/access", "nonsense", "{}").statusCode()).isEqualTo(401);
    }
  }
}
