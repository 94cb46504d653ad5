package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.ApprovalOutcome;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/// A held statement runs once, if enough people agree who have nothing to do with it; and in no
/// other case.
class HoldTest {
  private static final String POLICY =
      """
      policy: holds
      state: active
      default: block
      rules:
        - { id: most, what: { verb: [select, insert, begin, commit, rollback, set, show, prepare, execute, deallocate] }, then: allow }
        - { id: copy.in, who: { scope: orders.read }, what: { verb: [copy], flag: [copy-in] }, then: hold, hold: { approvers: dba, count: 1, within: 20s } }
        - { id: drop.one, who: { kind: agent }, what: { verb: [drop] }, then: hold, hold: { approvers: dba, count: 1, within: 20s } }
        - { id: delete.two, who: { kind: agent }, what: { verb: [delete], relation: ["public.*"] }, then: hold, hold: { approvers: dba, count: 2, within: 20s } }
        - { id: truncate.short, who: { kind: agent }, what: { verb: [truncate], relation: ["public.*"] }, then: hold, hold: { approvers: dba, count: 1, within: 1s } }
        - { id: human.own, who: { kind: human }, what: { verb: [drop, delete] }, then: hold, hold: { approvers: dba, count: 1, within: 20s } }
      """;

  private static final DemoIssuer.Identity OTHER =
      new DemoIssuer.Identity("other", "human", List.of("support"), "");
  private static final DemoIssuer.Identity ROBOT =
      new DemoIssuer.Identity("robot", "service", List.of("dba"), "");

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

  @BeforeEach
  void tables() throws Exception {
    server.run(
        "postgres",
        "drop table if exists doomed, kept; create table doomed (n int); create table kept (n int);"
            + " insert into kept select generate_series(1, 10)");
  }

  private RunningGateway open() throws Exception {
    return new RunningGateway(server, folder, POLICY, "");
  }

  private static long number(String sql) throws SQLException {
    try (Connection superuser = server.superuser("postgres");
        ResultSet row = superuser.createStatement().executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static boolean doomed() throws SQLException {
    return number("select count(*) from pg_class where relname = 'doomed'") == 1;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<String> later(Work work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            work.run();
            return "ran";
          } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
          } catch (Exception e) {
            return "fault " + e;
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static JsonNode waiting(RunningGateway gateway) throws Exception {
    String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
    RunningGateway.eventually(
        () -> gateway.get("/v1/approvals", administrator).path("approvals").size() == 1);
    return gateway.get("/v1/approvals", administrator).path("approvals").get(0);
  }

  private static HttpResponse<String> vote(
      RunningGateway gateway, DemoIssuer.Identity voter, JsonNode request, String verb)
      throws Exception {
    return gateway.post(
        "/v1/approvals/" + request.path("approval").asText() + "/" + verb,
        gateway.token(voter),
        "");
  }

  @Test
  void aQueryWaitsAndRunsWhenSomebodyElseAgrees() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      agent.unwrap(PGConnection.class).setPrepareThreshold(0);
      List<String> notices = new ArrayList<>();
      CompletableFuture<String> drop =
          later(() -> {
            try (Statement statement = agent.createStatement()) {
              statement.execute("drop table doomed");
              for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                notices.add(w.getMessage());
              }
            }
          });
      JsonNode request = waiting(gateway);
      assertThat(request.path("sql").asText()).isEqualTo("drop table doomed");
      assertThat(request.path("rule").asText()).isEqualTo("drop.one");
      assertThat(doomed()).isTrue();
      assertThat(drop).isNotDone();

      assertThat(vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve").statusCode())
          .isEqualTo(200);

      assertThat(drop.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
      assertThat(doomed()).isFalse();
      assertThat(notices.toString()).contains(request.path("approval").asText());
      assertThat(vote(gateway, RunningGateway.APPROVER, request, "approve").statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void oneRefusalIsEnoughAndTheSessionGoesOn() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      CompletableFuture<String> drop =
          later(() -> agent.createStatement().execute("drop table doomed"));
      JsonNode request = waiting(gateway);

      vote(gateway, RunningGateway.ADMINISTRATOR, request, "refuse");

      assertThat(drop.get(10, TimeUnit.SECONDS)).startsWith("42501").contains("was refused");
      assertThat(doomed()).isTrue();
      assertThat(agent.isValid(5)).isTrue();
    }
  }

  @Test
  void votesThatDoNotCount() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT));
        Connection administrator =
            gateway.connect("administrator", gateway.token(RunningGateway.ADMINISTRATOR))) {
      CompletableFuture<String> two =
          later(() -> agent.createStatement().execute("delete from kept"));
      JsonNode request = waiting(gateway);
      Map<DemoIssuer.Identity, Integer> refused =
          Map.of(OTHER, 403, ROBOT, 403, RunningGateway.AGENT, 403);
      for (Map.Entry<DemoIssuer.Identity, Integer> each : refused.entrySet()) {
        assertThat(vote(gateway, each.getKey(), request, "approve").statusCode())
            .as(each.getKey().name())
            .isEqualTo(each.getValue());
      }
      String id = "/v1/approvals/" + request.path("approval").asText() + "/approve";
      assertThat(
              gateway
                  .post(
                      id,
                      gateway.token(RunningGateway.APPROVER),
                      "{\"digest\":\"" + "0".repeat(64) + "\"}")
                  .statusCode())
          .isEqualTo(409);
      assertThat(vote(gateway, RunningGateway.APPROVER, request, "approve").statusCode())
          .isEqualTo(200);
      assertThat(vote(gateway, RunningGateway.APPROVER, request, "approve").statusCode())
          .isEqualTo(409);
      assertThat(two).isNotDone();
      vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");
      assertThat(two.get(10, TimeUnit.SECONDS)).isEqualTo("ran");

      CompletableFuture<String> own =
          later(() -> administrator.createStatement().execute("delete from kept"));
      JsonNode ownRequest = waiting(gateway);
      assertThat(vote(gateway, RunningGateway.ADMINISTRATOR, ownRequest, "approve").body())
          .contains("your own request");
      vote(gateway, RunningGateway.APPROVER, ownRequest, "refuse");
      own.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoeverStandsInTheChainOfTheCallerCannotApprove() throws Exception {
    try (RunningGateway gateway = open()) {
      String parent = gateway.token(RunningGateway.ADMINISTRATOR);
      String child =
          RunningGateway.json(
                  gateway.form("/token", RunningGateway.exchange(parent, "&name=helper")))
              .path("access_token")
              .asText();
      try (Connection helper = gateway.connect("helper", child)) {
        CompletableFuture<String> drop =
            later(() -> helper.createStatement().execute("drop table doomed"));
        JsonNode request = waiting(gateway);

        HttpResponse<String> ofParent =
            vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");

        assertThat(ofParent.statusCode()).as(ofParent.body()).isEqualTo(403);
        vote(gateway, RunningGateway.APPROVER, request, "approve");
        assertThat(drop.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
      }
    }
  }

  @Test
  void boundValuesAreShownAndApprovedOnce() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT));
        PreparedStatement delete = agent.prepareStatement("delete from kept where n = ?")) {
      for (int run = 1; run <= 7; run++) { // pgJDBC prepares by name from the fifth on
        int value = run;
        CompletableFuture<String> done =
            later(() -> {
              delete.setInt(1, value);
              delete.executeUpdate();
            });
        JsonNode request = waiting(gateway);
        assertThat(request.path("parameters")).as("run %d", run).hasSize(1);
        assertThat(request.path("parameters").get(0).asText())
            .isIn(Integer.toString(value), "\\x0000000" + value);
        vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");
        vote(gateway, RunningGateway.APPROVER, request, "approve");
        assertThat(done.get(10, TimeUnit.SECONDS)).as("run %d", run).isEqualTo("ran");
        assertThat(number("select count(*) from kept")).isEqualTo(10 - value);
      }
    }
  }

  @Test
  void insideATransactionNothingWaits() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      agent.setAutoCommit(false);
      agent.createStatement().execute("insert into kept values (99)");

      SQLException e =
          catchThrowableOfType(
              SQLException.class, () -> agent.createStatement().execute("drop table doomed"));

      assertThat(e.getSQLState()).isEqualTo("42501");
      assertThat(e.getMessage()).contains("inside a transaction");
      agent.rollback();
      assertThat(number("select count(*) from kept where n = 99")).isZero();
    }
  }

  @Test
  void timeCancelAndLeavingEndInBlock() throws Exception {
    try (RunningGateway gateway = open()) {
      try (Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
        CompletableFuture<String> late =
            later(() -> agent.createStatement().execute("truncate kept"));
        assertThat(late.get(15, TimeUnit.SECONDS)).startsWith("42501").contains("in time");

        try (Statement statement = agent.createStatement()) {
          CompletableFuture<String> cancelled = later(() -> statement.execute("drop table doomed"));
          waiting(gateway);
          statement.cancel();
          assertThat(cancelled.get(10, TimeUnit.SECONDS))
              .startsWith("42501")
              .contains("was cancelled");
        }
        CompletableFuture<String> left =
            later(() -> agent.createStatement().execute("drop table doomed"));
        waiting(gateway);
        agent.abort(Runnable::run);
        left.get(10, TimeUnit.SECONDS);
      }
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      RunningGateway.eventually(
          () -> gateway.get("/v1/approvals", administrator).path("approvals").isEmpty());
      assertThat(doomed()).isTrue();
      gateway.gateway.close();
      assertThat(ends(gateway))
          .containsExactly(
              ApprovalOutcome.TIMED_OUT, ApprovalOutcome.CANCELLED, ApprovalOutcome.DISCONNECTED);
    }
  }

  @Test
  void aGatewayThatStopsLetsNothingThrough() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      CompletableFuture<String> drop =
          later(() -> agent.createStatement().execute("drop table doomed"));
      waiting(gateway);

      gateway.gateway.close();

      assertThat(drop.get(10, TimeUnit.SECONDS)).startsWith("57P01");
      assertThat(doomed()).isTrue();
      assertThat(ends(gateway)).containsExactly(ApprovalOutcome.SHUTDOWN);
    }
  }

  @Test
  void aCopyWaitsBeforeItsFirstRow() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      CompletableFuture<String> copy =
          later(() ->
              agent
                  .unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn("copy kept from stdin", new StringReader("11\n12\n")));
      JsonNode request = waiting(gateway);
      assertThat(number("select count(*) from kept")).isEqualTo(10);

      vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");

      assertThat(copy.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
      assertThat(number("select count(*) from kept")).isEqualTo(12);
    }
  }

  @Test
  void whatMeansSomethingElseWhenItIsReleasedDoesNotRun() throws Exception {
    try (RunningGateway gateway = open();
        Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
      server.run("postgres", "create or replace view shown as select n from doomed");
      TimeUnit.SECONDS.sleep(3); // until the gateway's catalog has it
      CompletableFuture<String> delete =
          later(() -> agent.createStatement().execute("delete from shown"));
      JsonNode request = waiting(gateway);
      server.run("postgres", "create or replace view shown as select n from kept");
      TimeUnit.SECONDS.sleep(3);

      vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");
      vote(gateway, RunningGateway.APPROVER, request, "approve");

      assertThat(delete.get(10, TimeUnit.SECONDS)).startsWith("42501").contains("has changed");
      assertThat(number("select count(*) from kept")).isEqualTo(10);
      server.run("postgres", "drop view shown");
    }
  }

  @Test
  void theArchiveHasTheQuestionTheVotesAndTheEnd() throws Exception {
    try (RunningGateway gateway = open()) {
      try (Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
        CompletableFuture<String> drop =
            later(() -> agent.createStatement().execute("drop table doomed"));
        JsonNode request = waiting(gateway);
        vote(gateway, OTHER, request, "approve");
        vote(gateway, RunningGateway.ADMINISTRATOR, request, "approve");
        drop.get(10, TimeUnit.SECONDS);
      }
      gateway.gateway.close();
      List<RecordedEvent> events =
          gateway.events().stream()
              .filter(event ->
                  event instanceof RecordedEvent.ApprovalAsk
                      || event instanceof RecordedEvent.ApprovalVote
                      || event instanceof RecordedEvent.ApprovalEnd)
              .toList();
      assertThat(events).hasSize(3);
      assertThat(events.get(0)).isInstanceOf(RecordedEvent.ApprovalAsk.class);
      RecordedEvent.ApprovalAsk ask = (RecordedEvent.ApprovalAsk) events.get(0);
      RecordedEvent.ApprovalVote vote = (RecordedEvent.ApprovalVote) events.get(1);
      RecordedEvent.ApprovalEnd end = (RecordedEvent.ApprovalEnd) events.get(2);
      assertThat(vote.digest()).isEqualTo(ask.digest());
      assertThat(end.statement()).isEqualTo(ask.statement());
      assertThat(end.outcome()).isEqualTo(ApprovalOutcome.GRANTED);
      assertThat(gateway.events())
          .anyMatch(event ->
              event instanceof RecordedEvent.Control control
                  && control.result().contains("not-approver"));
      try (Archive archive = Archive.open(gateway.archive);
          var statements = archive.statements()) {
        assertThat(statements.filter(s -> s.counted() == DecisionCode.HOLD).toList())
            .hasSize(1)
            .allMatch(statement -> statement.number() == ask.statement());
      }
    }
  }

  @Test
  void aVoteByTheWrongPersonTwiceTooLateOrForOtherValuesIsRefusedAndRecorded() throws Exception {
    String once;
    String asked;
    try (RunningGateway gateway = open()) {
      try (Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT));
          PreparedStatement delete = agent.prepareStatement("delete from kept where n = ?")) {
        delete.setInt(1, 1);
        CompletableFuture<String> first = later(delete::executeUpdate);
        JsonNode one = waiting(gateway);
        once = one.path("approval").asText();
        delete.cancel();
        first.get(10, TimeUnit.SECONDS);
        delete.setInt(1, 2);
        CompletableFuture<String> second = later(delete::executeUpdate);
        JsonNode two = waiting(gateway);
        asked = two.path("approval").asText();
        assertThat(two.path("digest").asText()).isNotEqualTo(one.path("digest").asText());

        String approve = "/v1/approvals/" + asked + "/approve";
        String approver = gateway.token(RunningGateway.APPROVER);
        String ofTheFirst = "{\"digest\":\"" + one.path("digest").asText() + "\"}";
        String ofThis = "{\"digest\":\"" + two.path("digest").asText() + "\"}";
        assertThat(gateway.post(approve, approver, ofTheFirst).statusCode()).isEqualTo(409);
        assertThat(vote(gateway, RunningGateway.APPROVER, one, "approve").statusCode())
            .isEqualTo(404);
        assertThat(vote(gateway, OTHER, two, "approve").statusCode()).isEqualTo(403);
        assertThat(vote(gateway, ROBOT, two, "approve").statusCode()).isEqualTo(403);
        assertThat(gateway.post(approve, approver, ofThis).statusCode()).isEqualTo(200);
        assertThat(gateway.post(approve, approver, ofThis).statusCode()).isEqualTo(409);
        assertThat(second).isNotDone();
        assertThat(number("select count(*) from kept")).isEqualTo(10);
        vote(gateway, RunningGateway.ADMINISTRATOR, two, "approve");
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
        assertThat(vote(gateway, RunningGateway.ADMINISTRATOR, two, "refuse").statusCode())
            .isEqualTo(404);
      }
      gateway.gateway.close();
      assertThat(number("select count(*) from kept where n <= 2")).isEqualTo(1);
      assertThat(controls(gateway))
          .contains(
              asked + " refused: changed",
              once + " refused: over",
              asked + " refused: not-approver",
              asked + " refused: not-human",
              asked + " refused: twice",
              asked + " refused: over");
      assertThat(gateway.events().stream().filter(RecordedEvent.ApprovalVote.class::isInstance))
          .as("votes that counted")
          .hasSize(2);
    }
  }

  private static List<String> controls(RunningGateway gateway) throws Exception {
    return gateway.events().stream()
        .filter(RecordedEvent.Control.class::isInstance)
        .map(event -> ((RecordedEvent.Control) event).result())
        .toList();
  }

  @Test
  void aVoteMayHaveACommentWhichTheRecordKeepsBeforeIt() throws Exception {
    try (RunningGateway gateway = open()) {
      try (Connection agent = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
        CompletableFuture<String> drop =
            later(() -> agent.createStatement().execute("drop table doomed"));
        String refuse = "/v1/approvals/" + waiting(gateway).path("approval").asText() + "/refuse";
        String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
        for (String bad :
            List.of(
                "{\"comment\":\"" + "x".repeat(501) + "\"}",
                "{\"comment\":\"two\\nlines\"}",
                "{\"comment\":7}",
                "{\"comment\":null}")) {
          assertThat(gateway.post(refuse, administrator, bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(drop).isNotDone();
        assertThat(
                gateway
                    .post(refuse, administrator, "{\"comment\":\"not on a Friday – später\"}")
                    .statusCode())
            .isEqualTo(200);
        drop.get(10, TimeUnit.SECONDS);
      }
      gateway.gateway.close();
      long comments = 0;
      try (Archive archive = Archive.open(gateway.archive);
          var frames = archive.events(1)) {
        List<Frame> all = frames.toList();
        for (int at = 0; at < all.size(); at++) {
          if (all.get(at).event().orElseThrow() instanceof RecordedEvent.ApprovalVote vote) {
            assertThat(all.get(at - 1).event())
                .contains(new RecordedEvent.Comment("not on a Friday – später"));
            assertThat(vote.commentFrame()).isEqualTo(all.get(at - 1).meta().sequence());
            comments++;
          }
        }
      }
      assertThat(comments).isEqualTo(1);
    }
  }

  private static List<ApprovalOutcome> ends(RunningGateway gateway) throws Exception {
    return gateway.events().stream()
        .filter(RecordedEvent.ApprovalEnd.class::isInstance)
        .map(event -> ((RecordedEvent.ApprovalEnd) event).outcome())
        .toList();
  }
}
