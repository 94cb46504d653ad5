package dev.nestor.proxy.decision;

import dev.nestor.policy.Caller;
import dev.nestor.policy.Decision;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.proxy.masking.CatalogMasks;
import dev.nestor.proxy.masking.RowRule;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Says for each statement of one caller how its rows may reach it. Rows need no plan where nothing
/// is masked for the caller, or where the statement is fully understood, touches no relation with a
/// masked column and calls nothing but harmless functions.
final class RowRules {
  private final PolicyDecisionPoint policy;
  private final Caller caller;
  private final SqlAnalyzer analyzer;
  private final PlanRecorder plans;
  private final MaskKey key;
  private final boolean mask;
  private final Set<String> sensitive;
  private final Set<String> sensitiveRelations = new HashSet<>();

  RowRules(
      PolicyDecisionPoint policy,
      Caller caller,
      SqlAnalyzer analyzer,
      PlanRecorder plans,
      MaskKey key) {
    this.policy = policy;
    this.caller = caller;
    this.analyzer = analyzer;
    this.plans = plans;
    this.key = key;
    this.mask = policy.masks(caller);
    this.sensitive = mask ? policy.maskedColumns(caller) : Set.of();
    for (String column : sensitive) {
      sensitiveRelations.add(column.substring(0, column.lastIndexOf('.')));
    }
  }

  /// Whether anything is masked for the caller.
  boolean mask() {
    return mask;
  }

  RowRule of(Facts facts, CatalogSnapshot catalog, List<Relation> temporary) {
    if (!mask || isClear(facts)) {
      return RowRule.CLEAR;
    }
    Optional<Decision.Mask> decided = policy.masks(caller, facts);
    return new RowRule.Described(
        new CatalogMasks(
            catalog,
            analyzer,
            temporary,
            facts,
            decided.map(Decision.Mask::columns).orElse(List.of()),
            decided.filter(Decision.Mask::derivedNull).isPresent(),
            sensitive,
            key,
            outputs -> plans.masks(outputs, catalog.epoch())),
        decided.isPresent());
  }

  private boolean isClear(Facts facts) {
    return facts.status() == FactsStatus.OK
        && facts.functions().stream().allMatch(function -> function.harmless())
        && facts.relations().stream()
            .noneMatch(use -> sensitiveRelations.contains(use.relation().toString()));
  }
}
