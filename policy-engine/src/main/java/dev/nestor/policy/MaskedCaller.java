package dev.nestor.policy;

import dev.nestor.policy.Decision.Basis;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.FunctionUse;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.Verb;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a caller for whom anything is masked must not run, whatever columns it names: statements
/// whose rows or answers cannot be looked at.
///
/// @param rules those that mask for the caller
/// @param relations `schema.name` of those with a masked column
record MaskedCaller(List<Rule> rules, Set<String> relations) {
  /// They show plans, counts or definitions of what they touch, run code on it, or give its values
  /// another name.
  private static final Set<Verb> TELLING =
      EnumSet.of(
          Verb.EXPLAIN,
          Verb.CREATE_TABLE,
          Verb.CREATE_VIEW,
          Verb.CREATE_INDEX,
          Verb.CREATE_TRIGGER,
          Verb.CREATE_FUNCTION,
          Verb.CREATE,
          Verb.ALTER_TABLE,
          Verb.ALTER,
          Verb.RENAME,
          Verb.REFRESH,
          Verb.DO,
          Verb.CALL,
          Verb.LOAD);

  /// The caller that these restrictions concern; empty if none of them masks.
  static Optional<MaskedCaller> of(List<Rule> restrictions, Labels labels) {
    List<Rule> rules = restrictions.stream().filter(rule -> rule.then() == Rule.Then.MASK).toList();
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    Set<String> relations = new LinkedHashSet<>();
    for (Rule rule : rules) {
      for (String label : rule.masks().keySet()) {
        for (String column : labels.columns(label)) {
          relations.add(column.substring(0, column.lastIndexOf('.')));
        }
      }
    }
    return Optional.of(new MaskedCaller(rules, relations));
  }

  /// Why a statement must not run although it is granted; empty if it may.
  ///
  /// @param grants of the caller: a function is trusted where one names it, and not where one opens
  ///   everything
  Optional<Decision> refusal(Facts facts, List<Rule> grants) {
    if (facts.status() != FactsStatus.OK && !facts.opaqueByFunctionsOnly()) {
      return block(
          facts,
          "values are masked for you, and what cannot be understood cannot be masked: "
              + facts.status().meaning());
    }
    for (FunctionUse function : facts.functions()) {
      if (!function.harmless() && !isNamed(function, grants)) {
        return block(
            facts,
            "values are masked for you, and "
                + function.name()
                + ", which no rule names, may return them");
      }
    }
    Optional<RelationUse> touched =
        facts.relations().stream()
            .filter(use -> relations.contains(use.relation().toString()))
            .findFirst();
    if (touched.isEmpty()) {
      return Optional.empty();
    }
    String relation = touched.get().relation().toString();
    if (facts.flags().contains(Flag.COPY_OUT)) {
      return block(
          facts,
          "COPY sends rows without their description, so that nothing in "
              + relation
              + " can be masked");
    }
    if (facts.flags().contains(Flag.SELECT_INTO)) {
      return block(facts, "a copy of " + relation + " would not be masked");
    }
    for (Verb verb : facts.verbs()) {
      if (TELLING.contains(verb)) {
        return block(
            facts, verb.word() + " can tell about values in " + relation + " that are masked");
      }
    }
    return Optional.empty();
  }

  private static boolean isNamed(FunctionUse function, List<Rule> grants) {
    return grants.stream()
        .flatMap(rule -> rule.what().alternatives().stream())
        .anyMatch(what -> what.namesFunction(function));
  }

  private Optional<Decision> block(Facts facts, String reason) {
    return Optional.of(
        new Decision.Block(
            new Basis(List.of(rules.getFirst().ref()), List.of("verb " + facts.verb())), reason));
  }
}
