package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.bind;
import static dev.nestor.proxy.net.Frontend.execute;
import static dev.nestor.proxy.net.Frontend.flush;
import static dev.nestor.proxy.net.Frontend.parse;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.run;
import static dev.nestor.proxy.net.Frontend.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Budgets of rows and bytes: what is beyond them never reaches the client, whether the server
/// could be stopped in time or not.
class BudgetTest {
  private static PostgresServer server;

  @TempDir Path archive;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run(
        "postgres",
        "create table t (a int, b text); insert into t select g, 'row ' || g from"
            + " generate_series(1, 100000) g; create table w (a int)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private PolicyGateway gateway(String limit) throws IOException {
    return new PolicyGateway(
        server,
        archive,
        """
        policy: budgets
        state: active
        rules:
          - { id: all, what: { verb: any, status: any }, then: allow }
          - { id: budget, who: { kind: service }, limit: %s, then: block }
        """
            .formatted(limit));
  }

  private static List<RawClient.Message> exchange(RawClient client, byte[]... bytes)
      throws IOException {
    client.out.write(all(bytes));
    return client.until('Z', 1);
  }

  private static String types(List<RawClient.Message> messages) {
    StringBuilder types = new StringBuilder();
    messages.forEach(message -> types.append(message.type()));
    return types.toString().replaceAll("D+", "D");
  }

  private static long rows(List<RawClient.Message> messages) {
    return messages.stream().filter(m -> m.type() == 'D' || m.type() == 'd').count();
  }

  private static String error(List<RawClient.Message> messages) {
    return messages.stream()
        .filter(message -> message.type() == 'E')
        .map(message -> new String(message.body(), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  private static char status(List<RawClient.Message> messages) {
    return (char) messages.getLast().body()[0];
  }

  @Test
  void theRowBeyondTheLimitIsNeverSeenAndTheSessionGoesOn() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 10, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      for (int round = 0; round < 3; round++) {
        for (byte[] script :
            List.of(query("select * from t"), all(run("select * from t"), sync()))) {
          List<RawClient.Message> seen = exchange(client, script);
          assertThat(rows(seen)).isEqualTo(10);
          assertThat(types(seen)).matches("(12)?TDEZ");
          assertThat(error(seen)).contains("C42501\0").contains("budget").contains("10 rows");
          assertThat(status(seen)).isEqualTo('I');
          assertThat(types(exchange(client, query("select 1")))).isEqualTo("TDCZ");
        }
      }
      assertThat(rows(exchange(client, query("select * from t limit 10")))).isEqualTo(10);
      assertThat(types(exchange(client, query("select relname from pg_class")))).isEqualTo("TDCZ");
    }
  }

  @Test
  void aTransactionHasFailedWhetherTheServerWasStoppedInTimeOrNot() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 10, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      for (String sql :
          List.of(
              "select * from t",
              "insert into w select g from generate_series(1, 12) g returning a")) {
        for (byte[] script : List.of(query(sql), all(run(sql), sync()))) {
          exchange(client, query("begin"));
          List<RawClient.Message> seen = exchange(client, script);
          assertThat(rows(seen)).as(sql).isEqualTo(10);
          assertThat(types(seen)).as(sql).matches("(12)?TDEZ");
          assertThat(status(seen)).as(sql).isEqualTo('E');
          assertThat(types(exchange(client, query("select 1")))).isEqualTo("EZ");
          exchange(client, query("commit"));
        }
      }
      assertThat(types(exchange(client, query("select a from w")))).isEqualTo("TCZ");
    }
  }

  @Test
  void whatHadFinishedBeforeItCouldBeStoppedIsSaidToBeCommitted() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 1, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      List<RawClient.Message> seen =
          exchange(client, query("insert into w values (1), (2) returning a"));

      assertThat(rows(seen)).isEqualTo(1);
      assertThat(types(seen)).isEqualTo("TDEZ");
      boolean committed = error(seen).contains("its effects are committed");
      List<RawClient.Message> left = exchange(client, query("delete from w"));
      assertThat(left.toString()).contains(committed ? "DELETE 2" : "DELETE 0");
    }
  }

  @Test
  void withoutASyncTheTransactionIsMadeToFail() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 1, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      client.out.write(
          all(
              parse("", "insert into w values (1), (2) returning a"),
              bind("", ""),
              execute("", 0),
              flush()));
      List<RawClient.Message> first = client.until('E', 1);
      List<RawClient.Message> then = exchange(client, sync());

      assertThat(types(first)).isEqualTo("12DE");
      assertThat(types(then)).isEqualTo("Z");
      assertThat(exchange(client, query("delete from w")).toString()).contains("DELETE 0");
    }
  }

  @Test
  void whatFollowsInThePipelineIsNotSeenEither() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 3, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      List<RawClient.Message> seen =
          exchange(
              client,
              parse("", "select * from t"),
              bind("", ""),
              execute("", 2),
              execute("", 2),
              execute("", 2),
              execute("", 0),
              parse("", "select 'later'"),
              bind("", ""),
              execute("", 0),
              sync());
      // each Execute is an execution of its own
      assertThat(types(seen)).isEqualTo("12DsDsDsDEZ");
      assertThat(rows(seen)).isEqualTo(9);
      List<RawClient.Message> several =
          exchange(client, query("select a from t limit 2; select a from t; select 'later'"));
      assertThat(types(several)).isEqualTo("TDCTDEZ");
      assertThat(rows(several)).isEqualTo(5);
    }
  }

  @Test
  void copyIsCountedLikeRows() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 10, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      List<RawClient.Message> seen = exchange(client, query("copy t to stdout"));

      assertThat(rows(seen)).isEqualTo(10);
      assertThat(types(seen)).matches("Hd+EZ");
      assertThat(types(exchange(client, query("select 1")))).isEqualTo("TDCZ");
    }
  }

  @Test
  void aBudgetThatIsUsedUpBlocksTheNextStatementBeforeItRuns() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 15, per: session }")) {
      try (RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
        assertThat(rows(exchange(client, query("select * from t limit 10")))).isEqualTo(10);
        assertThat(rows(exchange(client, query("select * from t limit 10")))).isEqualTo(5);
        for (byte[] script :
            List.of(query("select * from t limit 1"), all(run("select * from t"), sync()))) {
          List<RawClient.Message> seen = exchange(client, script);
          assertThat(types(seen)).matches("(12T)?EZ");
          assertThat(error(seen)).contains("C42501\0").contains("15 rows per session");
        }
        assertThat(types(exchange(client, query("select 1")))).isEqualTo("TDCZ");
      }
      try (RawClient another = gateway.raw(PolicyGateway.SERVICE)) {
        assertThat(rows(exchange(another, query("select * from t limit 10")))).isEqualTo(10);
      }
    }
  }

  @Test
  void aDayIsOneForAllSessionsOfASubject() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 15, per: day }")) {
      for (int expected : List.of(10, 5)) {
        try (RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
          assertThat(rows(exchange(client, query("select * from t limit 10")))).isEqualTo(expected);
        }
      }
      try (RawClient human = gateway.raw(TestGateway.ALICE)) {
        assertThat(rows(exchange(human, query("select * from t limit 100")))).isEqualTo(100);
      }
    }
  }

  @Test
  void bytesAreCountedAndARowThatWouldGoBeyondIsWithheldWhole() throws Exception {
    try (PolicyGateway gateway = gateway("{ bytes: 100KiB, per: statement }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      List<RawClient.Message> seen =
          exchange(client, query("select repeat('x', 30000), a from t limit 100"));
      assertThat(rows(seen)).isEqualTo(3);
      assertThat(types(seen)).isEqualTo("TDEZ");
      List<RawClient.Message> large =
          exchange(client, query("select repeat('x', 300000), a from t limit 100"));
      assertThat(types(large)).isEqualTo("TEZ");
    }
  }

  @Test
  void theRecordSaysWhatWasCutAndByWhichBudget() throws Exception {
    try (PolicyGateway gateway = gateway("{ rows: 10, per: session }");
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      exchange(client, query("select * from t"));
      exchange(client, query("select * from t"));
    }

    try (Archive recorded = Archive.open(archive)) {
      List<Statement> statements = recorded.statements().toList();
      assertThat(statements)
          .extracting(Statement::counted)
          .containsExactly(DecisionCode.BLOCK, DecisionCode.BLOCK);
      assertThat(statements.get(0).decision()).isEqualTo(DecisionCode.CUT);
      assertThat(statements.get(0).rows()).isEqualTo(10);
      assertThat(statements.get(0).sqlState()).isEqualTo("42501");
      assertThat(
              recorded
                  .events(1)
                  .flatMap(frame -> frame.event().stream())
                  .filter(RecordedEvent.Budget.class::isInstance))
          .containsExactly(new RecordedEvent.Budget("budget per session", "rows", 10, 10, "cut"));
    }
  }
}
