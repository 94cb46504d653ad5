package dev.nestor.proxy.decision;

import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the labels of a policy on the columns of one database that they stood for when they were
/// first seen there, by object id of the relation and number of the column. A policy names columns;
/// who renames one, or its relation, or moves that to another schema, must not take the label away.
///
/// A name in the policy counts too, whatever stands there now: a table that takes the place of one
/// that was moved has labels as well. Where a relation is gone, its name alone counts.
///
/// Thread-safe.
public final class LabelPins {
  /// Where a labelled column was found.
  ///
  /// @param column as the policy names it, `schema.relation.column`
  /// @param relation object id
  /// @param number of the column in it, from 1
  public record Pin(String column, int relation, int number) {}

  private final PolicyDecisionPoint original;
  private final Set<String> labelled;
  private final Map<String, Pin> pins = new HashMap<>();
  private final Consumer<List<Pin>> keep;

  private record Applied(CatalogSnapshot snapshot, PolicyDecisionPoint policy) {}

  private volatile @Nullable Applied last;

  /// Nothing is known of the database yet.
  public LabelPins(PolicyDecisionPoint policy) {
    this(policy, List.of(), _ -> {});
  }

  /// Goes on from what was found before.
  ///
  /// @param keep is told what is found for the first time; must not block
  public LabelPins(PolicyDecisionPoint policy, List<Pin> known, Consumer<List<Pin>> keep) {
    this.original = policy;
    this.labelled = policy.policy().labelledColumns();
    this.keep = keep;
    known.forEach(pin -> pins.put(pin.column(), pin));
  }

  /// The policy as it stands in the file.
  PolicyDecisionPoint original() {
    return original;
  }

  /// The policy for one state of the catalog.
  PolicyDecisionPoint at(CatalogSnapshot snapshot) {
    if (labelled.isEmpty()) {
      return original;
    }
    @Nullable Applied applied = last;
    if (applied != null && applied.snapshot() == snapshot) {
      return applied.policy();
    }
    return follow(snapshot);
  }

  private synchronized PolicyDecisionPoint follow(CatalogSnapshot snapshot) {
    Map<String, String> renamed = new HashMap<>();
    List<Pin> found = new ArrayList<>();
    for (String column : labelled) {
      @Nullable Pin pin = pins.get(column);
      @Nullable String now = pin == null ? null : nameOf(snapshot, pin);
      if (now == null) {
        @Nullable Pin here = find(snapshot, column);
        if (here != null) {
          pins.put(column, here);
          found.add(here);
        }
      } else if (!now.equals(column)) {
        renamed.put(column, now);
      }
    }
    if (!found.isEmpty()) {
      keep.accept(List.copyOf(found));
    }
    PolicyDecisionPoint policy =
        renamed.isEmpty()
            ? original
            : new PolicyDecisionPoint(original.policy().withRenamed(renamed));
    last = new Applied(snapshot, policy);
    return policy;
  }

  private static @Nullable String nameOf(CatalogSnapshot snapshot, Pin pin) {
    return snapshot
        .relation(pin.relation())
        .flatMap(relation ->
            relation.columns().stream()
                .filter(column -> column.number() == pin.number())
                .findFirst()
                .map(column -> relation.name() + "." + column.name()))
        .orElse(null);
  }

  private static @Nullable Pin find(CatalogSnapshot snapshot, String labelled) {
    int table = labelled.indexOf('.');
    int column = labelled.lastIndexOf('.');
    if (table < 0 || table == column) {
      return null;
    }
    return snapshot
        .relation(labelled.substring(0, table), labelled.substring(table + 1, column))
        .flatMap(relation ->
            relation.columns().stream()
                .filter(each -> each.name().equals(labelled.substring(column + 1)))
                .findFirst()
                .map(each -> new Pin(labelled, relation.oid(), each.number())))
        .orElse(null);
  }
}
