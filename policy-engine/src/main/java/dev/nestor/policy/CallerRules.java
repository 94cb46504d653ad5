package dev.nestor.policy;

import dev.nestor.postgres.sql.Facts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The rules of a policy that concern one caller, whatever it runs.
///
/// @param restrictions masks last: where both block, the reason of a rule that wants to block is
///   the better one
/// @param masked what the caller must not run because something is masked for it
record CallerRules(
    Caller caller,
    List<Rule> grantsOfCaller,
    List<Rule> restrictions,
    Optional<MaskedCaller> masked) {
  static CallerRules of(Policy policy, Caller caller) {
    List<Rule> grants = new ArrayList<>();
    List<Rule> restrictions = new ArrayList<>();
    for (Rule rule : policy.ruleList()) {
      if (rule.concerns(caller)) {
        (rule.then().grants() ? grants : restrictions).add(rule);
      }
    }
    restrictions.sort(Comparator.comparing(rule -> rule.then() == Rule.Then.MASK));
    return new CallerRules(
        caller,
        List.copyOf(grants),
        List.copyOf(restrictions),
        MaskedCaller.of(restrictions, policy.labels()));
  }

  /// The grants whose condition a statement meets.
  ///
  /// @throws IllegalStateException if a condition cannot be evaluated
  List<Rule> grants(Facts facts) {
    for (Rule rule : grantsOfCaller) {
      if (rule.isConditional()) {
        return grantsOfCaller.stream().filter(each -> each.conditionHolds(facts, caller)).toList();
      }
    }
    return grantsOfCaller;
  }
}
