package dev.nestor.policy;

import dev.nestor.postgres.sql.Facts;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One rule of a policy.
///
/// @param line of the file, from 1
/// @param reason one sentence for the client; empty if the file gives none
/// @param masks by label, for a mask
/// @param derivedNull whether an output that is computed from a masked column becomes NULL instead
///   of blocking the statement
/// @param approval for a hold
/// @param lock for a kill
/// @param limit how much it lets through, for a rule that counts rows or bytes
record Rule(
    String id,
    int line,
    Who who,
    Optional<Who> unless,
    What what,
    Optional<Condition> when,
    Then then,
    String reason,
    Map<String, MaskForm> masks,
    boolean derivedNull,
    Optional<Decision.Approval> approval,
    Optional<Decision.Lock> lock,
    Optional<Limit> limit) {

  /// What a rule does. The first two grant, the others restrict.
  enum Then {
    ALLOW,
    HOLD,
    MASK,
    BLOCK,
    KILL;

    boolean grants() {
      return this == ALLOW || this == HOLD;
    }
  }

  Rule {
    masks = Map.copyOf(masks);
  }

  /// Whether it counts rows or bytes.
  boolean limited() {
    return limit.isPresent();
  }

  RuleRef ref() {
    return new RuleRef(id, line);
  }

  boolean concerns(Caller caller) {
    return who.matches(caller) && unless.filter(other -> other.matches(caller)).isEmpty();
  }

  boolean isConditional() {
    return when.isPresent();
  }

  /// @throws IllegalStateException if the condition cannot be evaluated
  boolean conditionHolds(Facts facts, Caller caller) {
    return when.isEmpty() || when.get().holds(facts, caller);
  }

  /// As one English sentence.
  String sentence() {
    String subject = who.sentence();
    String action =
        switch (then) {
          case ALLOW -> " may run ";
          case HOLD -> " may, after approval" + approvalWords() + ", run ";
          case MASK ->
              " see masked values ("
                  + maskWords()
                  + (derivedNull ? "; null for what is computed from them" : "")
                  + ") when they run ";
          case BLOCK ->
              limit
                  .map(most -> " are stopped beyond " + most.words() + " when they run ")
                  .orElse(" may not run ");
          case KILL -> " lose their session when they run ";
        };
    return Character.toUpperCase(subject.charAt(0))
        + subject.substring(1)
        + action
        + what.sentence()
        + unless.map(other -> ", unless they are " + other.sentence()).orElse("")
        + when.map(condition -> ", when " + condition).orElse("")
        + ".";
  }

  private String approvalWords() {
    return approval.map(each -> " by " + each.count() + " of " + each.approvers()).orElse("");
  }

  private String maskWords() {
    return masks.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
