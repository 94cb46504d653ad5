package dev.nestor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the example policy makes of statements; the table is the contract.
class OrdersPolicyTest {
  private static final CatalogSnapshot CATALOG =
      CatalogSnapshot.builder()
          .table(
              "public",
              "customers",
              "id",
              "name",
              "email",
              "phone",
              "ssn",
              "card_number",
              "region",
              "tier",
              "last_login")
          .table("public", "orders", "id", "customer_id", "total", "placed_at")
          .table("public", "order_items", "id", "order_id", "sku", "amount")
          .table("public", "carts", "id", "status")
          .table("public", "payments", "id", "pan", "amount")
          .table("hr", "salaries", "id", "customer_id", "salary")
          .table("app", "settings", "key", "value")
          .view(
              "public",
              "contacts",
              "SELECT customers.id, customers.email AS address, upper(customers.ssn) AS number"
                  + " FROM public.customers",
              "id",
              "address",
              "number")
          .build();

  private static final Policy POLICY = policy();
  private static final SqlAnalyzer ANALYZER = new SqlAnalyzer();

  private static final Caller AGENT =
      Caller.of(CallerKind.AGENT, "agent", Set.of(), Set.of("orders.read", "carts.write"));
  private static final Caller SUPPORT =
      Caller.of(CallerKind.HUMAN, "support", Set.of("support"), Set.of());
  private static final Caller DBA =
      Caller.of(CallerKind.HUMAN, "administrator", Set.of("dba"), Set.of());
  private static final Caller SERVICE =
      Caller.of(CallerKind.SERVICE, "ci-job", Set.of(), Set.of("orders.read"));
  private static final Caller NOBODY = Caller.of(CallerKind.UNKNOWN, "nobody", Set.of(), Set.of());

  private static final Set<Capability> EVERYTHING = EnumSet.allOf(Capability.class);
  private static final Set<Capability> NOTHING = EnumSet.noneOf(Capability.class);

  private record Case(Caller caller, String sql, String decision, String rule) {}

  private static Case of(Caller caller, String sql, String decision, String rule) {
    return new Case(caller, sql, decision, rule);
  }

  private static final List<Case> CASES =
      List.of(
          of(AGENT, "BEGIN", "allow", "session.basics"),
          of(AGENT, "SET application_name = 'psql'", "allow", "session.basics"),
          of(AGENT, "SET search_path = evil", "block", "default"),
          of(AGENT, "SET ROLE postgres", "block", "default"),
          of(AGENT, "SELECT set_config('search_path', 'evil', false)", "block", "default"),
          of(AGENT, "SHOW search_path", "allow", "session.basics"),
          of(AGENT, "SELECT 1", "allow", "session.basics"),
          of(AGENT, "SELECT now(), current_user", "allow", "session.basics"),
          of(AGENT, "SELECT pg_sleep(10)", "block", "default"),
          of(AGENT, "SELECT pg_read_file('/etc/passwd')", "block", "default"),
          of(AGENT, "SELECT pg_terminate_backend(1)", "block", "default"),
          of(AGENT, "SELECT relname FROM pg_class", "allow", "catalog.read"),
          of(AGENT, "SELECT table_name FROM information_schema.tables", "allow", "catalog.read"),
          of(AGENT, "SELECT rolpassword FROM pg_authid", "block", "default"),
          of(AGENT, "SELECT query FROM pg_stat_activity", "block", "default"),
          of(AGENT, "SELECT most_common_vals FROM pg_stats", "block", "default"),
          of(AGENT, "SELECT prosrc FROM pg_proc", "block", "default"),
          of(AGENT, "SELECT id, total FROM orders WHERE total > 5", "allow", "orders.read"),
          of(
              AGENT,
              "SELECT o.total, i.sku FROM orders o JOIN order_items i ON i.order_id = o.id",
              "allow",
              "orders.read"),
          of(SERVICE, "SELECT count(*) FROM customers", "allow", "orders.read"),
          of(AGENT, "SELECT name, email, ssn FROM customers", "mask", "pii.masked"),
          of(AGENT, "SELECT * FROM customers", "mask", "pii.masked"),
          of(AGENT, "SELECT upper(email) FROM customers", "block", "pii.masked"),
          of(AGENT, "SELECT customers FROM customers", "block", "pii.masked"),
          of(
              AGENT,
              "SELECT ssn FROM customers UNION SELECT email FROM customers",
              "block",
              "pii.masked"),
          of(AGENT, "SELECT id FROM customers WHERE ssn = '1'", "block", "pii.no-probing"),
          of(AGENT, "SELECT id FROM customers ORDER BY email", "block", "pii.no-probing"),
          of(
              AGENT,
              "SELECT id FROM (SELECT id, ssn x FROM customers) s WHERE x = '1'",
              "block",
              "pii.no-probing"),
          of(AGENT, "EXPLAIN SELECT id FROM orders", "block", "default"),
          of(
              AGENT,
              "EXPLAIN SELECT id FROM customers WHERE ssn LIKE '9%'",
              "block",
              "pii.no-probing"),
          of(AGENT, "COPY customers TO STDOUT", "block", "no-bulk-export"),
          of(AGENT, "COPY orders TO STDOUT", "block", "no-bulk-export"),
          of(DBA, "COPY customers TO STDOUT", "allow", "dba.all"),
          of(AGENT, "SELECT * INTO copy FROM orders", "block", "no-bulk-export"),
          of(AGENT, "CREATE TABLE copy AS SELECT * FROM orders", "block", "no-bulk-export"),
          of(AGENT, "SELECT value FROM app.settings", "block", "default"),
          of(AGENT, "SELECT salary FROM hr.salaries", "block", "default"),
          of(
              AGENT,
              "SELECT total, (SELECT max(salary) FROM hr.salaries) FROM orders",
              "block",
              "default"),
          of(AGENT, "SELECT id FROM contacts", "block", "default"),
          of(AGENT, "SELECT address FROM contacts", "block", "default"),
          of(AGENT, "SELECT id FROM contacts WHERE number = 'x'", "block", "pii.no-probing"),
          of(AGENT, "CREATE ROLE backdoor SUPERUSER", "kill", "roles.kill"),
          of(AGENT, "ALTER ROLE app_rw PASSWORD 'x'", "kill", "roles.kill"),
          of(AGENT, "SELECT 1; CREATE ROLE backdoor", "kill", "roles.kill"),
          of(SUPPORT, "CREATE ROLE backdoor", "block", "default"),
          of(AGENT, "DROP SCHEMA public CASCADE", "hold", "destructive.needs-a-human"),
          of(AGENT, "DROP TABLE orders", "hold", "destructive.needs-a-human"),
          of(AGENT, "TRUNCATE orders", "hold", "destructive.needs-a-human"),
          of(AGENT, "DELETE FROM carts", "hold", "destructive.needs-a-human"),
          of(AGENT, "DELETE FROM carts WHERE id = 1", "block", "default"),
          of(AGENT, "DELETE FROM orders", "block", "default"),
          of(AGENT, "UPDATE carts SET status = 'x' WHERE id = 1", "allow", "carts.tidy"),
          of(
              AGENT,
              "UPDATE carts SET status = (SELECT value FROM app.settings)",
              "block",
              "default"),
          of(
              AGENT,
              "WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d",
              "block",
              "default"),
          of(AGENT, "DO $$ BEGIN END $$", "block", "default"),
          of(AGENT, "EXECUTE unknown", "block", "default"),
          of(AGENT, "SELECT * FROM nowhere", "block", "default"),
          of(AGENT, "SELECT (", "block", "default"),
          of(AGENT, "ROLLBACK", "allow", ""),
          of(AGENT, "CLOSE c", "allow", ""),
          of(AGENT, "PREPARE TRANSACTION 'x'", "block", "default"),
          of(AGENT, "", "allow", ""),
          of(SUPPORT, "SELECT id, name, tier FROM customers", "allow", "support.narrow"),
          of(SUPPORT, "SELECT id, email FROM customers", "mask", "pii.masked"),
          of(SUPPORT, "SELECT id, region FROM customers", "block", "default"),
          of(NOBODY, "SELECT id FROM orders", "block", "default"),
          of(DBA, "SELECT ssn FROM customers WHERE ssn = '1'", "allow", "dba.all"),
          of(DBA, "DO $$ BEGIN END $$", "allow", "dba.all"),
          of(DBA, "DROP SCHEMA public CASCADE", "allow", "dba.all"),
          of(DBA, "SELECT rolpassword FROM pg_authid", "allow", "dba.all"),
          of(DBA, "SELECT (", "allow", "dba.all"),
          of(DBA, "SELECT pg_sleep(1), * FROM nowhere", "allow", "dba.all"));

  private static Policy policy() {
    return switch (PolicyFile.read(resource("orders.yaml"))) {
      case PolicyFile.Valid valid -> valid.policy();
      case PolicyFile.Invalid invalid -> throw new AssertionError(invalid.errors().toString());
    };
  }

  static String resource(String name) {
    try (InputStream in = OrdersPolicyTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Judgement judge(Caller caller, String sql, Set<Capability> can) {
    List<Facts> facts =
        ANALYZER.analyze(sql, SqlSettings.DEFAULT, CATALOG, SessionNames.of("app_rw"));
    return new PolicyDecisionPoint(POLICY).decide(caller, facts, can);
  }

  @Test
  void everyStatementIsDecidedAsTheTableSays() {
    for (Case each : CASES) {
      Decision decision = judge(each.caller(), each.sql(), EVERYTHING).decision();

      assertThat(decision.word())
          .as("%s: %s (%s)", each.caller().name(), each.sql(), decision)
          .isEqualTo(each.decision());
      if (!each.rule().isEmpty()) {
        assertThat(decision.basis().rules())
            .as("%s: %s", each.caller().name(), each.sql())
            .extracting(RuleRef::id)
            .contains(each.rule());
      }
    }
  }

  @Test
  void whatCannotBeCarriedOutIsBlockedAndTheReasonSaysSo() {
    Judgement masked = judge(SUPPORT, "SELECT id, email FROM customers", NOTHING);
    Judgement held = judge(AGENT, "DROP SCHEMA public CASCADE", NOTHING);
    Judgement limited = judge(AGENT, "SELECT id FROM orders", NOTHING);

    assertThat(masked.verdict()).isInstanceOf(Decision.Mask.class);
    assertThat(masked.decision()).isInstanceOf(Decision.Block.class);
    assertThat(masked.decision().reason()).contains("cannot carry out masks yet");
    assertThat(held.verdict()).isInstanceOf(Decision.Hold.class);
    assertThat(held.decision()).isInstanceOf(Decision.Block.class);
    assertThat(held.decision().reason()).contains("cannot carry out holds yet");
    assertThat(limited.decision()).isInstanceOf(Decision.Block.class);
    assertThat(limited.decision().reason()).contains("cannot carry out limits yet");
  }

  @Test // what the demo tells must hold for a gateway that can only allow, block and kill
  void theAgentsNarrowTaskRunsWhereOnlyAllowBlockAndKillCanBeCarriedOut() {
    assertThat(judge(AGENT, "UPDATE carts SET status='x' WHERE id=1", NOTHING).decision())
        .isInstanceOf(Decision.Allow.class);
    assertThat(judge(AGENT, "BEGIN", NOTHING).decision()).isInstanceOf(Decision.Allow.class);
    assertThat(judge(AGENT, "SELECT 1", NOTHING).decision()).isInstanceOf(Decision.Allow.class);
    assertThat(judge(SERVICE, "SELECT id, total FROM orders", NOTHING).decision())
        .isInstanceOf(Decision.Allow.class);
    assertThat(judge(AGENT, "SELECT relname FROM pg_class", NOTHING).decision())
        .isInstanceOf(Decision.Allow.class);
  }

  @Test
  void theReasonNamesTheColumnThatNoRuleCovers() {
    Decision decision = judge(SUPPORT, "SELECT id, region FROM customers", EVERYTHING).decision();

    assertThat(decision.reason()).contains("public.customers.region");
  }

  @Test
  void masksOfALabelledColumnAreThoseOfTheFile() {
    Decision decision = judge(AGENT, "SELECT email, ssn FROM customers", EVERYTHING).decision();

    assertThat(((Decision.Mask) decision).columns())
        .extracting(ColumnMask::toString)
        .containsExactlyInAnyOrder("public.customers.email: partial", "public.customers.ssn: hash");
  }

  @Test
  void exportsAreRefusedInTheWordsOfTheFile() {
    Caller reader = Caller.of(CallerKind.HUMAN, "reader", Set.of("privacy-officers"), Set.of());
    Decision decision = judge(reader, "COPY customers TO STDOUT", EVERYTHING).decision();

    assertThat(decision).isInstanceOf(Decision.Block.class);
    assertThat(decision.reason()).isEqualTo("Exports are not open here.");
  }

  @Test
  void everyRuleIsOneEnglishSentence() {
    assertThat(POLICY.sentences()).hasSize(POLICY.rules().size());
    for (String sentence : POLICY.sentences()) {
      assertThat(sentence).matches("[a-z.-]+: [A-Z].*\\.");
    }
  }
}
