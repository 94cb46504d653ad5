package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.bind;
import static dev.nestor.proxy.net.Frontend.describe;
import static dev.nestor.proxy.net.Frontend.execute;
import static dev.nestor.proxy.net.Frontend.parse;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.run;
import static dev.nestor.proxy.net.Frontend.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hold in the middle of what a client has sent at once: what stands before it runs, what stands
/// behind it waits, and the replies come in the order of the messages. What was approved is masked
/// and counted like everything else.
class HeldPipelineTest {
  private static final String POLICY =
      """
      policy: held
      state: active
      default: block
      labels:
        mail: [public.person.email]
      rules:
        - { id: none, what: { verb: any, relation: none }, then: allow }
        - { id: notes, what: { verb: [insert, select], relation: [public.note] }, then: allow }
        - { id: people, who: { kind: service }, what: { verb: [select], relation: [public.person] }, then: hold, hold: { approvers: dba, count: 1, within: 20s } }
        - { id: masked, who: { kind: service }, what: { reads: [mail] }, then: mask, mask: { mail: partial } }
        - { id: budget, who: { kind: service }, limit: { rows: 3, per: statement }, then: block }
      """;

  private static PostgresServer server;

  @TempDir Path archive;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run(
        "postgres",
        "create table person (id int primary key, email text); insert into person select g,"
            + " 'ada' || g || '@example.com' from generate_series(1, 10) g;"
            + " create table note (n int)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void noNotes() throws Exception {
    server.run("postgres", "truncate note");
  }

  // ---- what was approved goes on as everything does

  @Test
  void whatWasApprovedIsMasked() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      for (byte[] script :
          List.of(
              query("select email from person where id < 3"),
              all(run("select email from person where id < 3"), sync()),
              all(
                  parse("kept", "select email from person where id < 3"),
                  bind("p", "kept"),
                  execute("p", 1),
                  execute("p", 0),
                  sync()))) {
        client.out.write(script);
        PendingApproval asked = gateway.waiting();
        gateway.vote(asked, true);
        List<RawClient.Message> seen = client.until('Z', 1);

        assertThat(text(seen)).contains("***@example.com").doesNotContain("ada");
        assertThat(rows(seen)).isEqualTo(2);
        assertThat(types(seen)).endsWith("CZ").doesNotContain("E");
      }
    }
    assertThat(counted()).isNotEmpty().containsOnly(DecisionCode.HOLD);
    try (Archive recorded = Archive.open(archive);
        var statements = recorded.statements()) {
      List<Statement> held = statements.toList();
      assertThat(held)
          .extracting(Statement::decision)
          .as("granted, and masked")
          .containsOnly(DecisionCode.HELD_GRANTED_MASKED);
      assertThat(held).allMatch(each -> each.mask().orElseThrow().columns().size() == 1);
    }
  }

  @Test
  void whatWasApprovedIsCutByABudget() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      for (byte[] script :
          List.of(
              query("select id, email from person"),
              all(run("select id, email from person"), sync()))) {
        client.out.write(script);
        gateway.vote(gateway.waiting(), true);
        List<RawClient.Message> seen = client.until('Z', 1);

        assertThat(rows(seen)).isEqualTo(3);
        assertThat(types(seen)).matches("N(12)?TDEZ");
        assertThat(text(seen)).contains("C42501").contains("budget").doesNotContain("ada");
      }
      client.out.write(query("select 1"));
      assertThat(types(client.until('Z', 1))).isEqualTo("TDCZ");
    }
    assertThat(counted().stream().filter(code -> code != DecisionCode.ALLOW))
        .hasSize(2)
        .containsOnly(DecisionCode.BLOCK);
  }

  // ---- in the middle of a pipeline

  @Test
  void whatStandsBeforeAHoldRunsAndWhatStandsBehindItWaits() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      client.out.write(
          all(
              run("insert into note values (1)"),
              sync(),
              run("select id from person where id = 7"),
              sync(),
              run("insert into note values (2)"),
              sync(),
              query("select 'last'")));
      PendingApproval asked = gateway.waiting();
      List<RawClient.Message> before = client.until('N', 1);

      assertThat(types(before)).isEqualTo("12nCZN");
      assertThat(text(before)).contains(asked.request().id());
      assertSilent(client);
      assertThat(notes()).containsExactly(1);

      gateway.vote(asked, true);
      List<RawClient.Message> after = client.until('Z', 3);

      assertThat(types(after)).isEqualTo("12TDCZ12nCZTDCZ");
      assertThat(text(after)).contains("INSERT 0 1").contains("last");
      assertThat(notes()).containsExactly(1, 2);
    }
  }

  @Test
  void aRefusalIsAnErrorInItsPlaceAndTheRestOfItsCycleIsSkipped() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      client.out.write(
          all(
              run("insert into note values (1)"),
              sync(),
              run("select id from person where id = 7"),
              run("insert into note values (2)"),
              describe('P', ""),
              sync(),
              run("insert into note values (3)"),
              sync()));
      PendingApproval asked = gateway.waiting();
      assertThat(types(client.until('N', 1))).isEqualTo("12nCZN");

      gateway.vote(asked, false);
      List<RawClient.Message> after = client.until('Z', 2);

      assertThat(types(after)).isEqualTo("EZ12nCZ");
      assertThat(text(after)).contains("C42501").contains("was refused");
      assertThat(notes()).as("the second was skipped").containsExactly(1, 3);
    }
  }

  @Test
  void behindOtherWorkOfItsOwnCycleNothingIsHeldBecauseATransactionIsOpen() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      client.out.write(
          all(
              run("insert into note values (1)"),
              run("select id from person where id = 7"),
              run("insert into note values (2)"),
              sync()));
      List<RawClient.Message> seen = client.until('Z', 1);

      assertThat(types(seen)).isEqualTo("12nCEZ");
      assertThat(text(seen)).contains("C42501").contains("inside a transaction");
      assertThat(notes()).as("the implicit transaction is rolled back").isEmpty();
    }
  }

  @Test
  void eachHeldStatementOfAPipelineIsAskedForItself() throws Exception {
    try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
        RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
      client.out.write(
          all(
              query("select id from person where id = 1"),
              query("select id from person where id = 2"),
              query("select id from person where id = 3")));
      List<String> ids = new ArrayList<>();
      for (boolean approve : new boolean[] {true, false, true}) {
        PendingApproval asked = gateway.waiting();
        ids.add(asked.request().id());
        gateway.vote(asked, approve);
        assertThat(types(client.until('Z', 1))).isEqualTo(approve ? "NTDCZ" : "NEZ");
      }
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  // ---- what was seen

  private static void assertSilent(RawClient client) throws IOException {
    client.socket.setSoTimeout(300);
    try {
      throw new AssertionError("it came before anybody had decided: " + client.read());
    } catch (SocketTimeoutException e) {
      client.socket.setSoTimeout(10_000);
    }
  }

  private static String types(List<RawClient.Message> messages) {
    StringBuilder types = new StringBuilder();
    messages.forEach(message -> types.append(message.type()));
    return types.toString().replaceAll("D+", "D");
  }

  private static long rows(List<RawClient.Message> messages) {
    return messages.stream().filter(message -> message.type() == 'D').count();
  }

  private static String text(List<RawClient.Message> messages) {
    StringBuilder text = new StringBuilder();
    messages.forEach(message -> text.append(new String(message.body(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  private static List<Integer> notes() throws Exception {
    List<Integer> notes = new ArrayList<>();
    try (var superuser = server.superuser("postgres");
        var row = superuser.createStatement().executeQuery("select n from note order by n")) {
      while (row.next()) {
        notes.add(row.getInt(1));
      }
    }
    return notes;
  }

  private List<DecisionCode> counted() throws IOException {
    try (Archive recorded = Archive.open(archive);
        var statements = recorded.statements()) {
      return statements.map(Statement::counted).toList();
    }
  }
}
