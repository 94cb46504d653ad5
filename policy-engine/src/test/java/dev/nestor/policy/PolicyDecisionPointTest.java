package dev.nestor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Function;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlSettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyDecisionPointTest {
  private static final CatalogSnapshot CATALOG =
      CatalogSnapshot.builder()
          .table("public", "a", "id", "secret", "note")
          .table("public", "b", "id", "value")
          .function(new Function("public", "price", 1, "sql", 's', false, "o", List.of()))
          .function(new Function("public", "other", 2, "sql", 's', false, "o", List.of()))
          .build();

  private static final Caller AGENT =
      Caller.of(CallerKind.AGENT, "bot", Set.of("g"), Set.of("s1", "s2"));

  private static Judgement judge(String state, String rules, String sql) {
    String yaml =
        "policy: test\nstate: "
            + state
            + "\nlabels: { secret: [public.a.secret], note: [public.a.note] }\nrules:\n"
            + rules;
    PolicyFile.Result result = PolicyFile.read(yaml);
    if (result instanceof PolicyFile.Invalid invalid) {
      throw new AssertionError(invalid.errors().toString());
    }
    return new PolicyDecisionPoint(((PolicyFile.Valid) result).policy())
        .decide(
            AGENT,
            new SqlAnalyzer().analyze(sql, SqlSettings.DEFAULT, CATALOG, SessionNames.of("role")),
            EnumSet.allOf(Capability.class));
  }

  private static String decide(String rules, String sql) {
    return judge("active", rules, sql).decision().word();
  }

  private static String rule(String text) {
    return "  - { " + text + " }\n";
  }

  @Test
  void withoutAGrantNothingRuns() {
    String unrelated = rule("id: x, who: { kind: human }, what: { verb: any }, then: allow");

    assertThat(decide(unrelated, "select id from a")).isEqualTo("block");
  }

  @Test
  void grantsOfACallerAddUp() {
    String rules =
        rule("id: a, what: { verb: select, relation: public.a }, then: allow")
            + rule(
                "id: b, who: { scope: s1 }, what: { verb: select, relation: public.b }, then: allow");

    assertThat(decide(rules, "select a.id from a join b on a.id = b.id")).isEqualTo("allow");
  }

  @Test
  void aVerbIsGrantedForTheRelationsOfItsOwnRuleOnly() {
    String rules =
        rule("id: a, what: { verb: select, relation: public.a }, then: allow")
            + rule("id: b, what: { verb: delete, relation: public.b }, then: allow");

    assertThat(decide(rules, "delete from b")).isEqualTo("allow");
    assertThat(decide(rules, "delete from a")).isEqualTo("block");
    assertThat(decide(rules, "delete from b where id in (select id from a)")).isEqualTo("allow");
    assertThat(decide(rules, "select id from b")).isEqualTo("block");
  }

  @Test // a grant for one table must not reach what has no table
  void aGrantThatNamesRelationsCoversNoStatementWithoutThem() {
    String rules =
        rule(
            "id: a, what: { verb: [drop, grant, vacuum, select], relation: public.a }, then: allow");

    assertThat(decide(rules, "drop table a")).isEqualTo("allow");
    assertThat(decide(rules, "vacuum a")).isEqualTo("allow");
    for (String sql :
        List.of(
            "drop role x",
            "drop function price",
            "drop schema nowhere cascade",
            "drop database x",
            "grant x to y",
            "vacuum",
            "select 1")) {
      assertThat(decide(rules, sql)).as(sql).isEqualTo("block");
    }
  }

  @Test
  void aFunctionIsOpaqueUntilARuleNamesIt() {
    String read = rule("id: a, what: { verb: select, relation: public.a }, then: allow");
    String call = rule("id: b, what: { verb: select, function: public.price }, then: allow");

    assertThat(decide(read, "select price(id) from a")).isEqualTo("block");
    assertThat(decide(read + call, "select price(id) from a")).isEqualTo("allow");
    assertThat(decide(read + call, "select other(id) from a")).isEqualTo("block");
    assertThat(decide(call, "select price(1)")).isEqualTo("allow");
    assertThat(decide(call, "select price(id) from a")).isEqualTo("block");
  }

  @Test
  void rowsAreLockedOnlyWhereARuleNamesIt() {
    String read = rule("id: a, what: { verb: select, relation: public.a }, then: allow");
    String lock =
        rule("id: b, what: { verb: select, relation: public.a, flag: row-lock }, then: allow");

    assertThat(decide(read, "select id from a for update")).isEqualTo("block");
    assertThat(decide(read + lock, "select id from a for update")).isEqualTo("allow");
  }

  @Test
  void theStrongestOfAllStatementsOfATextIsTheDecision() {
    String rules =
        rule("id: all, what: { verb: any, status: any }, then: allow")
            + rule("id: kill, what: { verb: create-role }, then: kill")
            + rule("id: block, what: { verb: delete }, then: block");

    assertThat(decide(rules, "select 1; delete from a; select 2")).isEqualTo("block");
    assertThat(decide(rules, "create role x; delete from a")).isEqualTo("kill");
    assertThat(decide(rules, "select 1; select 2")).isEqualTo("allow");
  }

  @Test
  void whatCouldTellPastAMaskIsBlockedUnlessAGrantOpensIt() {
    String rules =
        rule("id: all, what: { verb: any, status: any }, then: allow")
            + rule("id: m, what: { reads: secret }, then: mask, mask: { secret: hash }");
    String opened = rules + rule("id: o, what: { predicate-on: secret }, then: allow");

    for (String sql :
        List.of(
            "select id from a where secret = 'x'",
            "select id from a order by secret",
            "select count(*) from a group by secret",
            "select a.id from a join b on a.secret = b.id")) {
      assertThat(decide(rules, sql)).as(sql).isEqualTo("block");
      assertThat(decide(opened, sql)).as(sql).isEqualTo("allow");
    }
    assertThat(decide(opened, "select upper(secret) from a")).isEqualTo("block");
    assertThat(decide(opened, "select secret from a where secret = 'x'")).isEqualTo("mask");
    assertThat(
            decide(
                opened.replace(
                    "id: all, what: { verb: any, status: any }", "id: all, what: { verb: delete }"),
                "select id from a"))
        .isEqualTo("block");
  }

  @Test
  void aMaskedCallerRunsNothingWhoseAnswerCannotBeLookedAt() {
    String rules =
        rule("id: all, what: { verb: any, status: any }, then: allow")
            + rule("id: f, what: { verb: select, function: public.price }, then: allow")
            + rule("id: m, what: { reads: secret }, then: mask, mask: { secret: hash }");

    for (String sql :
        List.of(
            "copy a to stdout",
            "copy a (id) to stdout",
            "explain select id from a",
            "create table c as select id from a",
            "create view v as select id from a",
            "alter table a rename secret to harmless",
            "do $$ begin end $$",
            "select * from nowhere",
            "select other(1)",
            "execute unknown")) {
      assertThat(decide(rules, sql)).as(sql).isEqualTo("block");
    }
    for (String sql :
        List.of(
            "copy b to stdout",
            "explain select id from b",
            "select price(1)",
            "insert into a (secret) values ('x')",
            "update a set secret = 'x'",
            "select id from a")) {
      assertThat(decide(rules, sql)).as(sql).isEqualTo("allow");
    }
  }

  @Test
  void whatIsComputedFromAMaskedColumnMayBecomeNull() {
    String rules =
        rule("id: all, what: { verb: select }, then: allow")
            + rule(
                "id: m, what: { reads: secret }, derived: 'null', then: mask, mask: { secret: hash }");

    for (String sql :
        List.of(
            "select upper(secret) from a",
            "select a from a",
            "select secret from a union select note from a")) {
      assertThat(((Decision.Mask) judge("active", rules, sql).decision()).derivedNull())
          .as(sql)
          .isTrue();
    }
    assertThat(
            ((Decision.Mask) judge("active", rules, "select secret from a").decision())
                .derivedNull())
        .isFalse();
    assertThat(decide(rules, "select id from a where upper(secret) = 'X'")).isEqualTo("block");
  }

  @Test
  void masksOfSeveralRulesAreAllCarriedOut() {
    String rules =
        rule("id: all, what: { verb: select, relation: public.a }, then: allow")
            + rule("id: m1, what: { reads: secret }, then: mask, mask: { secret: hash }")
            + rule("id: m2, what: { reads: note }, then: mask, mask: { note: 'null' }");

    Judgement judgement = judge("active", rules, "select secret, note from a");

    assertThat(((Decision.Mask) judgement.decision()).columns())
        .extracting(ColumnMask::toString)
        .containsExactlyInAnyOrder("public.a.secret: hash", "public.a.note: null");
    assertThat(judgement.decision().basis().rules())
        .extracting(RuleRef::id)
        .containsExactly("m1", "m2");
  }

  @Test
  void aConditionSeesFactsAndCaller() {
    String rules =
        "  - id: a\n    what: { verb: select }\n"
            + "    when: '\"public.b\" in reads && kind == \"agent\" && \"s2\" in scopes'\n"
            + "    then: allow\n";

    assertThat(decide(rules, "select id from b")).isEqualTo("allow");
    assertThat(decide(rules, "select id from a")).isEqualTo("block");
  }

  @Test // fail closed: what cannot be decided does not run
  void aConditionThatFailsBlocks() {
    String rules =
        rule("id: all, what: { verb: any, status: any }, then: allow")
            + "  - id: broken\n    what: { verb: select }\n    when: 'settings[5] == \"x\"'\n"
            + "    then: kill\n";

    assertThat(decide(rules, "select 1")).isEqualTo("block");
    assertThat(decide(rules, "delete from a")).isEqualTo("allow");
  }

  @Test
  void draftAndDryRunDecideAndCarryOutNothing() {
    String rules = rule("id: kill, what: { verb: any, status: any }, then: kill");

    for (String state : List.of("draft", "dry-run")) {
      Judgement judgement = judge(state, rules, "drop table a");
      assertThat(judgement.decision()).isInstanceOf(Decision.Allow.class);
      assertThat(judgement.verdict()).isInstanceOf(Decision.Kill.class);
    }
  }

  @Test
  void whatEndsSomethingIsAlwaysAllowed() {
    String rules = rule("id: kill, what: { verb: any, status: any }, then: kill");

    for (String sql : List.of("rollback", "deallocate all", "close c", "", "-- nothing")) {
      assertThat(decide(rules, sql)).as(sql).isEqualTo("allow");
    }
  }

  @Test
  void rulesHaveLinesAndDecisionsSayWhatMattered() {
    String rules =
        rule("id: all, what: { verb: select }, then: allow")
            + rule("id: deny, what: { flag: without-where }, then: block");

    Decision decision = judge("active", rules, "delete from a").decision();

    assertThat(decision.basis().rules()).containsExactly(new RuleRef("deny", 6));
    assertThat(decision.basis().inputs()).contains("flag without-where");
    assertThat(decision.reason()).isNotEmpty();
  }
}
