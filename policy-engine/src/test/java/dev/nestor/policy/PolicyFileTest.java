package dev.nestor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.policy.document.DocumentError;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyFileTest {
  private static final String HEAD =
      """
      policy: test
      state: active
      labels:
        pii: [public.customers.email]
        pan: [public.payments.pan, public.customers.email]
      rules:
      """;

  private static List<DocumentError> errors(String rules) {
    return switch (PolicyFile.read(HEAD + rules)) {
      case PolicyFile.Valid _ -> List.of();
      case PolicyFile.Invalid invalid -> invalid.errors();
    };
  }

  private static void assertError(String rules, int line, String... parts) {
    List<DocumentError> errors = errors(rules);
    assertThat(errors).as(rules).isNotEmpty();
    assertThat(errors.getFirst().line()).as("%s: %s", rules, errors).isEqualTo(line);
    assertThat(errors.getFirst().message()).as(rules).contains(parts);
  }

  @Test
  void theExampleIsValid() {
    assertThat(PolicyFile.read(OrdersPolicyTest.resource("orders.yaml")))
        .isInstanceOf(PolicyFile.Valid.class);
  }

  @Test
  void aMisspeltWordIsNamedWithItsPlaceAndTheNearestOne() {
    assertError("  - { id: a, what: { verb: [selcet] }, then: allow }\n", 7, "selcet", "select");
    assertError(
        "  - { id: a, what: { flag: [copyout] }, then: block }\n", 7, "copyout", "copy-out");
    assertError("  - { id: a, what: { status: [opaqe] }, then: block }\n", 7, "opaqe", "opaque");
    assertError("  - { id: a, what: { reads: [pi] }, then: block }\n", 7, "pi", "pii");
    assertError(
        "  - { id: a, who: { kind: robot }, what: { verb: any }, then: allow }\n", 7, "robot");
    assertError("  - { id: a, what: { class: sytem }, then: block }\n", 7, "sytem", "system");
  }

  @Test
  void aKeyThatNoRuleHasIsNamedWithTheNearestOne() {
    assertError("  - { id: a, waht: { verb: any }, then: allow }\n", 7, "waht", "what");
    assertError("  - id: a\n    what: { verbs: any }\n    then: allow\n", 8, "verbs", "verb");
  }

  @Test
  void aConditionThatDoesNotCompileIsAnErrorOfTheFile() {
    assertError(
        "  - id: a\n    what: { verb: any }\n    when: verb == 1\n    then: allow\n",
        9,
        "condition");
    assertError(
        "  - id: a\n    what: { verb: any }\n    when: nosuch\n    then: allow\n", 9, "condition");
  }

  @Test
  void aLimitSaysHowMuchAndWhatIsCountedTogether() {
    assertError("  - { id: a, limit: { per: session }, then: block }\n", 7, "rows", "bytes");
    assertError("  - { id: a, limit: { rows: 5 }, then: block }\n", 7, "per");
    assertError("  - { id: a, limit: { rows: 5, per: week }, then: block }\n", 7, "week");
    assertError("  - { id: a, limit: { rows: 5, per: day }, then: kill }\n", 7, "limit");
    assertError(
        "  - { id: a, limit: { bytes: 99999999999GiB, per: day }, then: block }\n",
        7,
        "99999999999GiB");
    assertThat(errors("  - { id: a, limit: { bytes: 64KiB, per: credential }, then: block }\n"))
        .isEmpty();
  }

  @Test
  void whatIsComputedIsNullOnlyWhereARuleMasks() {
    assertError(
        "  - { id: a, what: { verb: drop }, derived: 'null', then: block }\n", 7, "derived");
    for (String word : List.of("'null'", "null", "block")) {
      assertThat(
              errors(
                  "  - { id: a, what: { reads: pii }, derived: "
                      + word
                      + ", then: mask, mask: { pii: null } }\n"))
          .as(word)
          .isEmpty();
    }
  }

  @Test
  void aGrantOfConditionsGrantsNothingElse() {
    assertError(
        "  - { id: a, what: { verb: select, predicate-on: pii }, then: allow }\n",
        7,
        "predicate-on");
    assertThat(errors("  - { id: a, what: { predicate-on: pii }, then: allow }\n")).isEmpty();
  }

  @Test
  void aRuleSaysHowItMasksAndHolds() {
    assertError("  - { id: a, what: { reads: pii }, then: mask }\n", 7, "mask");
    assertError("  - { id: a, what: { verb: drop }, then: hold }\n", 7, "hold");
    assertError(
        "  - { id: a, what: { reads: pii }, then: mask, mask: { pii: rot13 } }\n",
        7,
        "rot13",
        "keep-last-N");
    assertError(
        "  - { id: a, what: { reads: [pii, pan] }, then: mask, mask: { pii: hash } }\n", 7, "pan");
    assertError(
        "  - { id: a, what: { verb: any }, then: mask, mask: { pii: hash } }\n", 7, "reads");
  }

  @Test
  void grantsAreNotMadeOfLabels() {
    assertError("  - { id: a, what: { reads: pii }, then: allow }\n", 7, "restrict");
  }

  @Test
  void twoRulesOfOneNameAreAnError() {
    assertError(
        "  - { id: a, what: { verb: any }, then: allow }\n"
            + "  - { id: a, what: { verb: any }, then: allow }\n",
        8,
        "line 7");
  }

  @Test
  void twoMasksForOneColumnAreAnErrorThatNamesBothRules() {
    String first =
        "  - { id: a, who: { group: support }, what: { reads: pii }, then: mask, mask: { pii: hash } }\n";

    assertError(
        first + "  - { id: b, what: { reads: pii }, then: mask, mask: { pii: partial } }\n",
        8,
        "`a` and `b`");
    // another label with the same column
    assertError(
        first + "  - { id: b, what: { reads: pan }, then: mask, mask: { pan: partial } }\n",
        8,
        "`a` and `b`");
    assertThat(
            errors(
                first
                    + "  - { id: b, what: { reads: pii }, unless: { group: [support, dba] }, then: mask, mask: { pii: partial } }\n"))
        .isEmpty();
    assertThat(
            errors(
                first + "  - { id: b, what: { reads: pii }, then: mask, mask: { pii: hash } }\n"))
        .isEmpty();
  }

  @Test
  void twoApprovalsForOneStatementAreAnErrorThatNamesBothRules() {
    String first =
        "  - { id: a, who: { kind: agent }, what: { verb: [drop, truncate] }, then: hold, hold: { approvers: dba, within: 5m } }\n";

    assertError(
        first
            + "  - { id: b, what: { verb: drop }, then: hold, hold: { approvers: ops, within: 5m } }\n",
        8,
        "`a` and `b`");
    assertThat(
            errors(
                first
                    + "  - { id: b, what: { verb: delete }, then: hold, hold: { approvers: ops, within: 5m } }\n"))
        .isEmpty();
    assertThat(
            errors(
                first
                    + "  - { id: b, who: { kind: human }, what: { verb: drop }, then: hold, hold: { approvers: ops, within: 5m } }\n"))
        .isEmpty();
  }

  @Test
  void whatIsNotYamlHasALine() {
    PolicyFile.Result result = PolicyFile.read("policy: test\nstate: [active\n");

    assertThat(result).isInstanceOf(PolicyFile.Invalid.class);
    assertThat(((PolicyFile.Invalid) result).errors().getFirst().line()).isGreaterThan(1);
    assertThat(PolicyFile.read("")).isInstanceOf(PolicyFile.Invalid.class);
    assertThat(PolicyFile.read("policy: a\npolicy: b\n")).isInstanceOf(PolicyFile.Invalid.class);
  }

  @Test // every cut of a file is a policy or errors, never an exception
  void everyCutOfAFileIsAResult() {
    String yaml = OrdersPolicyTest.resource("orders.yaml");
    for (int cut = 0; cut < yaml.length(); cut += 7) {
      assertThat(PolicyFile.read(yaml.substring(0, cut))).as("cut %d", cut).isNotNull();
    }
  }

  @Test
  void onlyAScopeThatARuleAsksForCanBeOfferedAndOnce() {
    String rules =
        "  - { id: a, who: { scope: orders.write }, what: { verb: [insert] }, then: allow }\n";
    String offer = "  - { scope: %s, approvers: dba, at-most: 4h }\n";
    assertThat(errors(rules + "access:\n" + offer.formatted("orders.write"))).isEmpty();
    assertError(
        rules + "access:\n" + offer.formatted("orders.wirte"), 9, "orders.wirte", "orders.write");
    assertError(
        rules + "access:\n" + offer.formatted("orders.write") + offer.formatted("orders.write"),
        10,
        "offered twice");
  }
}
